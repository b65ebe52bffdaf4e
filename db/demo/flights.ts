import type { Conversation } from './conversation.ts'

export const flights: Conversation = {
  key: 'demo-flights',
  kind: 'open',
  title: 'flights',
  topic: 'Everything that leaves the ground: plans, counts, tracks, recoveries',
  by: 'ben',
  people: ['ada', 'cleo', 'dan', 'esra', 'farid', 'hiro'],
  unreadByAda: 5,
  lines: [
    [
      '13 09:00',
      'ben',
      'Plan for HX-212: launch tomorrow 09:30, 1200 g latex, payload 840 g, target 33 km. @esra winds?',
    ],
    [
      '13 09:14',
      'esra',
      `Jet is at 62 kt around 10.5 km, from the west-southwest. Calm above 20. Prediction lands us here:

- 5.0 m/s: burst at 33.1 km, 41 km ENE, fields
- 5.5 m/s: burst at 32.8 km, 37 km ENE, fields and one farm
- 6.0 m/s: burst at 32.2 km, 33 km ENE, **forest**

I vote for 5.0.`,
    ],
    ['13 09:16', 'ben', '5.0 it is. I have met that forest.'],
    [
      '13 09:20',
      'farid',
      'Envelope 1200-0447, weighed 1,214 g, no pinholes on the light table. It is the pretty one.',
    ],
    [
      '13 09:25',
      'hiro',
      'Frequencies as filed: 403.40 telemetry, 434.65 backup. I am on the roof from 09:00 with the Yagi and a very large hat.',
    ],
    ['12 07:10', 'ben', 'Field is dry, 2 m/s from the south. Go for 09:30 so far.'],
    ['12 08:48', 'ben', 'Fill started. Neck lift 2,310 g.'],
    [
      '12 09:05',
      'cleo',
      'Payload on, 14 satellites, 8.21 V. The heater draws 11 mA less than on the bench, it is enjoying the sun.',
    ],
    ['12 09:31', 'ben', '**HX-212 is away.** Clean release. 5.2 m/s.'],
    ['12 09:32', 'hiro', 'Solid copy on both. Goodbye, pretty one.'],
    ['12 10:21', 'esra', 'Passing 15 km, 61 kt in the jet. Allow me one "ha".'],
    ['12 10:21', 'ben', 'One.'],
    [
      '12 11:19',
      'hiro',
      'Burst at 33,4… 33,390 m. Descent 41 m/s and slowing.',
      { edit: [2, 'Burst at 33,390 m. Descent 41 m/s and slowing.'] },
    ],
    [
      '12 11:52',
      'ben',
      'Down in a beet field, 900 m from the prediction. The farmer met us at the gate with coffee. I would like all farmers to be like this farmer.',
    ],
    ['12 11:55', 'ada', 'Beautiful flight. 900 m! Frame that as well, @farid.'],
    ['12 11:57', 'farid', 'We will need a second wall.'],
    [
      '11 09:40',
      'esra',
      'Data of HX-212 is through quality control: 5,912 levels, 3 rejected, and those 3 are where Cleo’s heater switches. See the steps at 8.2, 11.7 and 14.9 km.',
    ],
    [
      '11 09:52',
      'cleo',
      'That is a ground bounce. I know exactly which trace. I have known it for two years and hoped it would not come to this.',
    ],
    ['11 09:53', 'esra', 'It has come to this.'],
    [
      '10 08:20',
      'ben',
      'HX-213, the university’s ozone sonde, is planned for the day after the fog clears. Which according to Esra is:',
    ],
    ['10 08:21', 'esra', 'Tomorrow late morning. The fog does what I say. Within reason.'],
    [
      '9 07:31',
      'ben',
      'Fog. Visibility 80 m. I can hear the balloon shed but not see it. Hold until 11.',
    ],
    ['9 10:40', 'ben', 'Lifting. I see a tree. I have never been so glad of a tree.'],
    ['9 11:12', 'ben', 'Checklist read aloud by Farid with **feeling**.'],
    [
      '9 11:26',
      'ben',
      '**HX-213 is away.** 5.4 m/s. Ozone pump audible all the way up to nobody-can-hear-it.',
    ],
    [
      '9 12:03',
      'hiro',
      'Telemetry gap of 40 s at 12 km, came back by itself. Backup channel had everything.',
    ],
    [
      '9 12:05',
      'dan',
      'Saw it. Looks like the modem restarting after a brown-out. I’ll dig, details in firmware.',
    ],
    ['9 13:20', 'hiro', 'Burst 31,870 m. A little early.'],
    [
      '9 13:24',
      'farid',
      'Envelope 1200-0451. I will look at the remains. I had a feeling about its neck.',
    ],
    [
      '9 14:30',
      'ben',
      'Recovered from a garden in the next village. Three children have signed the parachute. I think that makes it official.',
    ],
    [
      '8 10:05',
      'farid',
      'Remains of 0451: tear starts at the neck fold, 4 cm. The fill tube has a burr. I filed it, I polished it, I apologised to the envelope. More in envelopes.',
    ],
    [
      '7 08:15',
      'ben',
      'Next week’s manifest:\n\n- HX-214: radiation dosimeter, customer flight, **firmware frozen from today + 1**\n- HX-215: two-balloon float test, ours\n- HX-216: schools flight, 24 payloads of 40 g, may heaven help us',
    ],
    ['7 08:19', 'dan', 'Acknowledged: freeze. I am putting my hands in my pockets.'],
    [
      '7 08:25',
      'hiro',
      '24 payloads on one channel? I will write a TDMA plan and then I will lie down.',
    ],
    [
      '6 09:10',
      'esra',
      'Winds for HX-214 look lazy, 20 kt at most. You could carry the payload and walk beside it.',
    ],
    [
      '5 07:55',
      'ben',
      'HX-214 field report: frost, clear, no wind at all. The smoke from the neighbour’s chimney is a straight line. Someone should paint it.',
    ],
    [
      '5 08:40',
      'cleo',
      'Dosimeter’s own connector was loose. Found at the read-aloud step "touch every connector", so thank you, retro item 1 — that we decide on this afternoon, but still.',
    ],
    ['5 09:04', 'ben', '**HX-214 is away.** Straight up. It is boring in the best way.'],
    ['5 10:58', 'hiro', 'Burst 34,120 m!! Company record by 210 m.'],
    ['5 10:59', 'farid', '0455! I made that one on my birthday!'],
    ['5 11:00', 'ada', 'Cake, then. Well done everybody, and happy birthday to the envelope.'],
    ['5 11:31', 'ben', 'Landed 4 km from the launch site. I walked.'],
    [
      '4 08:50',
      'esra',
      'HX-215 float test: I want 18 km for three hours. Two balloons, cut one at 18. Who has the cutter?',
    ],
    [
      '4 08:52',
      'cleo',
      'Me. Nichrome, 1.1 Ω, cuts 3 mm line in 4 s at −50 °C. Bench-tested nine times. Twice on purpose.',
    ],
    [
      '4 09:00',
      'dan',
      'The cut command needs two packets within 10 s with the right counter, so a stray one does nothing. Also: geofence and a timer, whichever is first.',
    ],
    [
      '3 09:12',
      'ben',
      '**HX-215 is away**, both balloons, looks like a very slow exclamation mark.',
    ],
    ['3 10:10', 'hiro', '18,020 m. Sending cut… and one balloon is having the time of its life.'],
    ['3 10:11', 'esra', 'FLOATING. 18,060 ± 40 m. Look at it. Look at it!'],
    [
      '3 13:15',
      'esra',
      'Three hours and four minutes of float. Vertical wind to 3 cm/s. I have been waiting for this plot since university.',
    ],
    ['3 13:17', 'ada', 'Send it to everyone you have ever met.'],
    ['3 13:18', 'esra', 'Already did.'],
    [
      '2 09:30',
      'ben',
      'Schools flight HX-216: 24 boxes arrived, 3 contain sweets, 1 contains a drawing of Farid. All within mass budget.',
    ],
    ['2 09:34', 'farid', 'I have seen the drawing. It flies.'],
    [
      '2 11:00',
      'hiro',
      'TDMA plan: 24 slots of 400 ms, guard 16 ms, frame 10 s. Simulated with Dan, no collisions over 6 h.',
    ],
    [
      '1 08:05',
      'ben',
      'Crosswind 7 m/s, out of limits with 80 children on the field. Postponed to tomorrow, same time. They took it better than we did.',
    ],
    [
      '1 08:30',
      'esra',
      'Tomorrow 2 to 3 m/s until noon, then showers. Launch before 11 or get wet.',
    ],
    ['320m', 'ben', 'Field open. 2 m/s. 80 children, 6 teachers, one dog named Sputnik.'],
    ['268m', 'ben', '**HX-216 is away.** I have never heard a countdown like that. My ears.'],
    [
      '266m',
      'hiro',
      '24 of 24 in their slots. Box 17 reports "HELLO" and +21 °C, box 9 reports sweets.',
    ],
    ['140m', 'hiro', 'Burst 30,950 m. All 24 alive.'],
    [
      '72m',
      'ben',
      'Down next to the canal, dry side. Two school buses are racing us there. @ada you should see this, they are *singing*.',
    ],
    ['18m', 'esra', 'And the showers started seven minutes after landing. I would like it noted.'],
  ],
}
