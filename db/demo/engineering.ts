import type { Conversation } from './conversation.ts'

export const firmware: Conversation = {
  key: 'demo-firmware',
  kind: 'open',
  title: 'firmware',
  topic: 'What runs in the box. Frozen two days before a customer flight',
  by: 'dan',
  people: ['ada', 'cleo', 'hiro', 'esra'],
  lines: [
    [
      '13 09:40',
      'dan',
      'Release 4.2.0 is on the shelf: new GNSS driver, flight mode above 18 km, and the logger no longer eats the last 512 bytes.',
    ],
    [
      '13 09:44',
      'esra',
      'The last 512 bytes were always the landing! I have two years of flights without landings!',
    ],
    [
      '13 09:45',
      'dan',
      'I know. I am sorry. They were cut out in a very regular way, if that helps.',
    ],
    [
      '13 10:02',
      'cleo',
      'Does the GNSS driver survive a cold start at −40? The freezer and I have an hour.',
    ],
    [
      '13 11:20',
      'cleo',
      'It does: 34 s to first fix at −42 °C. The freezer did not survive. It was already sad.',
    ],
    [
      '12 13:15',
      'hiro',
      'On HX-212 the telemetry counter wrapped from 65535 to 0 and my dashboard thought we had launched again.',
    ],
    [
      '12 13:31',
      'dan',
      `Right, it is a \`uint16_t\` and always was. Serial arithmetic on your side, please:

\`\`\`ts
/** True when \`a\` is newer than \`b\`, across the wrap (RFC 1982). */
export function isNewer(a: number, b: number): boolean {
  return ((a - b) & 0xffff) < 0x8000 && a !== b
}
\`\`\``,
    ],
    [
      '12 13:40',
      'hiro',
      'Merged, with a test for every pair. It takes a while. There are four billion of them.',
    ],
    ['12 13:42', 'dan', 'You tested all pairs?'],
    ['12 13:43', 'hiro', 'I had lunch meanwhile.'],
    [
      '11 10:12',
      'cleo',
      'About the steps in Esra’s temperatures: it is the heater’s return current through the sensor’s ground. New board is one week away. Can software hide it until then?',
      {
        edit: [
          6,
          'About the steps in Esra’s temperatures: it is the heater’s return current through the sensor’s ground. New board is one week away. Can software step around it until then? (Not *hide*. Esra is looking at me.)',
        ],
      },
    ],
    [
      '11 10:20',
      'dan',
      'Sample when the heater is off. We know when that is: we switch it. 10 ms settle, read, switch back.',
    ],
    [
      '11 10:21',
      'esra',
      'Accepted. And it goes into the metadata, so that nobody finds out from the data, like I did.',
    ],
    [
      '11 15:55',
      'dan',
      `Done in 4.2.1:

\`\`\`c
static bool sample_quiet(sample_t *out) {
  const bool was_on = heater_is_on();
  heater_set(false);
  wait_ms(SETTLE_MS);            /* 10 ms: measured, not guessed */
  const bool ok = adc_read(out);
  heater_set(was_on);
  out->flags |= FLAG_HEATER_HELD;
  return ok;
}
\`\`\``,
    ],
    ['11 16:03', 'cleo', '"measured, not guessed" — I have never been so attracted to a comment.'],
    [
      '10 09:30',
      'ada',
      'What is the policy if `adc_read` fails nine times in a row? I ask as somebody who will have to explain it.',
    ],
    [
      '10 09:41',
      'dan',
      'We send the last good value with a flag, and count. After 30 we send nothing and the flag says so. An honest hole beats a smooth lie.',
    ],
    ['10 09:42', 'esra', 'Can I have that on a mug?'],
    [
      '9 12:20',
      'dan',
      'The 40 s gap on HX-213: brown-out of the modem at 2.9 V, when heater, pump and transmitter all wanted the battery at once. It rebooted, then waited 30 s "for stability", because somebody wrote `sleep(30)` in 2021.',
    ],
    ['9 12:21', 'dan', 'I was somebody.'],
    ['9 12:25', 'hiro', 'I remember that day. You were so stable.'],
    [
      '9 14:40',
      'dan',
      'Fix: stagger the loads (never more than two at once), and restart the modem in 1.2 s. On the bench it now rides through dips to 2.7 V. Log attached to the flight page: `https://example.org/flights/hx-213/modem.log`',
    ],
    [
      '8 11:10',
      'cleo',
      'New board rev F is back from the fab. Purple! They asked "purple?" and I said "purple."',
    ],
    ['8 11:12', 'ada', 'It is very purple.'],
    [
      '8 15:20',
      'cleo',
      'Rev F bring-up: rails fine, flash fine, GNSS fine, heater return has its own copper. @esra come look at the flattest line you have ever seen.',
    ],
    ['8 15:34', 'esra', 'I have looked at it. I would like to be alone with it for a moment.'],
    [
      '7 09:30',
      'dan',
      '4.3.0-rc1 is built for rev F. @cleo @hiro please fly it on the bench today, because tomorrow I am frozen.',
    ],
    ['7 13:50', 'hiro', 'rc1: the beacon says `HX--14`. Double dash.'],
    [
      '7 13:58',
      'dan',
      'A negative flight number. It is `%02d` of an `int8_t`, and 214 does not fit. 127 flights were enough for anybody. Fixing.',
    ],
    ['7 14:09', 'dan', 'rc2. Flight numbers go to 65,535 now. When we reach it I will bring cake.'],
    ['7 16:30', 'cleo', 'rc2 ran 2 h in the *new* freezer. Clean. From me: release it.'],
    [
      '7 16:45',
      'dan',
      '**4.3.0** is released and I have taken my hands off the keyboard. Frozen until HX-214 is down.',
    ],
    ['5 11:40', 'dan', 'HX-214 is down. 4.3.0: 0 resets, 0 holes, 0 flags. May I unfreeze?'],
    ['5 11:41', 'ada', 'You may unfreeze.'],
    [
      '4 09:20',
      'dan',
      `The cut-down for HX-215, for review by everybody who can read:

1. two packets with the right key within 10 s, **or**
2. outside of the fence for 60 s, **or**
3. 4 h after launch

and never below 500 m above ground, because people.`,
    ],
    [
      '4 09:31',
      'esra',
      'If GNSS altitude jumps (it did, once, over the Baltic) does 500 m protect or betray us?',
    ],
    [
      '4 09:38',
      'dan',
      'Good. Pressure altitude *and* GNSS must agree within 300 m, otherwise only 1 counts. Changed.',
    ],
    ['4 09:40', 'ada', 'This is the review I want to show to customers.'],
    [
      '4 14:02',
      'hiro',
      'Tested by radio from the roof, 40 tries: 40 cuts. Wrong key, 200 tries: 0 cuts. One pigeon looked at me with respect.',
    ],
    [
      '2 14:10',
      'dan',
      'For the 24 school boxes: one image, number from the DIP switches, slot = number × 416 ms. No two boxes share a number. I checked by hand. Then Ben checked. Then a child checked.',
    ],
    ['2 14:15', 'cleo', 'The child found one, right?'],
    ['2 14:16', 'dan', 'The child found one.'],
    [
      '1 15:05',
      'dan',
      'Idea for 4.4: the box keeps its own checklist and refuses to arm until each sensor has said something believable. Draft is in the wiki, tear it apart.',
    ],
    [
      '1 15:30',
      'cleo',
      '"Believable" needs a number per sensor. I will write them down, then we can argue about numbers instead of adjectives.',
    ],
    ['1 15:32', 'dan', 'My favourite kind of argument.'],
  ],
}

export const groundStation: Conversation = {
  key: 'demo-ground-station',
  kind: 'open',
  title: 'ground-station',
  topic: 'Antennas, receivers, the roof',
  by: 'hiro',
  people: ['ada', 'dan', 'ben'],
  lines: [
    [
      '12 15:00',
      'hiro',
      'After HX-212: link margin never under 9 dB, with the new preamplifier. I am allowed to say that I told you so until the end of the month.',
    ],
    ['12 15:04', 'dan', 'Granted.'],
    ['11 13:30', 'hiro', 'The rotator on the roof squeaks at 217°. Only at 217°.'],
    ['11 13:36', 'ben', 'That is where the bakery is. It has feelings.'],
    [
      '10 13:05',
      'hiro',
      `Noise floor this week, one line per hour of the day, dBm:

\`\`\`
00-06  -118 -118 -118 -117 -118 -118
06-12  -117 -112 -104 -103 -105 -110
12-18  -109 -104 -103 -106 -111 -115
18-24  -117 -118 -118 -118 -118 -118
\`\`\`

Something switches on at eight and off at four. It keeps better hours than we do.`,
    ],
    ['10 13:12', 'dan', 'Office hours… LED driver in the workshop?'],
    [
      '10 13:50',
      'hiro',
      'Walked around with the small loop. It is the tanning salon across the street. 103 dBm of summer.',
    ],
    ['10 13:55', 'ada', 'I will go over and talk to them. Do they do vouchers?'],
    [
      '8 09:45',
      'ada',
      'They had no idea, were lovely, and the electrician puts in filters on their cost. In return they want to see a launch.',
    ],
    [
      '8 09:47',
      'hiro',
      '−117 within three days, then. I take back everything I said about tanning.',
    ],
    [
      '6 11:20',
      'hiro',
      'TDMA for 24 boxes: guard times of 16 ms cover ±8 ms clock error and 40 km of distance (0.13 ms, I only mention it because it is beautiful).',
    ],
    [
      '6 11:29',
      'dan',
      'Clocks come from GNSS second pulses, so expect ±0.1 ms; when a box has no fix it stays silent. Silence is polite.',
    ],
    [
      '4 16:30',
      'hiro',
      'Filters are in across the street. Noise floor at noon: −116. The roof is quiet, I can hear the *bakery*.',
    ],
    [
      '3 15:00',
      'hiro',
      'During the float test the antenna pointed at 11° elevation for three hours without moving. The rotator has never been so relaxed. Neither have I.',
    ],
    [
      '2 10:15',
      'ben',
      'Can I have the small receiver in the van for the recovery? The one with the handle.',
    ],
    ['2 10:17', 'hiro', 'Yes. Its name is Handle. Charge it, do not drop it, talk to it.'],
    [
      '1 11:40',
      'hiro',
      'Software update of the big receiver went through at the third try. I changed nothing between the second and third try. I do not like that.',
    ],
    ['1 11:44', 'dan', 'Log?'],
    [
      '1 11:52',
      'hiro',
      '`usb 3-1: device descriptor read/64, error -71`, twice. New cable is in. The old cable is in the bin, cut in half, so that it cannot come back.',
    ],
  ],
}
