import type { Conversation } from './conversation.ts'

export const general: Conversation = {
  key: 'welcome',
  kind: 'open',
  title: 'general',
  by: 'ada',
  people: ['ada', 'ben', 'cleo', 'dan', 'esra', 'farid', 'gwen', 'hiro'],
  unreadByAda: 3,
  lines: [
    [
      '13 07:58',
      'ada',
      'Good morning, and welcome to the new place. One thread per subject, titles that say what is inside, and nobody has to read everything. That last one is a promise.',
    ],
    [
      '13 08:03',
      'gwen',
      'Does this mean the 214-person e-mail chain called "Re: Re: Fwd: kettle" is finally over?',
    ],
    ['13 08:04', 'farid', 'It was the best thing I have ever been part of.'],
    ['13 08:06', 'cleo', 'I have printed it. It is 61 pages. There are diagrams.'],
    [
      '13 08:15',
      'ada',
      `How we use it, in short:

- **flights** for anything that leaves the ground
- **firmware**, **envelopes**, **ground-station** for the things that make it leave the ground
- **lost-and-found** for the things that came down somewhere else
- direct threads for two or three people, private ones when it has to be`,
    ],
    ['13 08:17', 'dan', 'And general for the kettle.'],
    ['13 08:18', 'ada', 'And general for the kettle.'],
    [
      '12 09:30',
      'gwen',
      'Numbers for last month, since you all pretend not to be curious: 38 flights, 36 recovered, 1 still "recovering" in a lake, 1 on top of a church. Revenue is fine. The church is being very nice about it.',
    ],
    [
      '12 09:33',
      'hiro',
      'The church one has the best link budget we ever had.',
      {
        edit: [
          3,
          'The church one has the best link budget we ever had. 61 km and full scale. I would leave it there.',
        ],
      },
    ],
    [
      '12 09:41',
      'ben',
      'The verger says we may fetch it after choir practice. He also asks whether it can predict rain for the summer fête.',
    ],
    ['12 09:42', 'esra', 'It can. It will rain.'],
    [
      '11 12:02',
      'farid',
      'Lunch: I made far too much mujaddara. It is on the big cutting table, next to (NOT on) the 1200 g latex.',
    ],
    ['11 12:05', 'cleo', 'On my way before Dan smells it.'],
    ['11 12:06', 'dan', 'I am in Lagos and I smelled it.'],
    [
      '11 14:20',
      'ada',
      'Visitors tomorrow from the university, four people, 10:00. Please hide anything that looks like a fire hazard, @farid.',
    ],
    ['11 14:21', 'farid', 'Define "looks like".'],
    [
      '11 14:26',
      'gwen',
      'The helium trolley with the "NOT A TOY" sign and the skateboard wheels, for a start.',
    ],
    [
      '10 10:55',
      'ada',
      'The visitors are charmed. One of them asked to adopt the skateboard trolley. Thank you all.',
    ],
    [
      '10 10:58',
      'esra',
      'They asked me how accurate our winds are and I said "compared to what", and they laughed, so I think we have the contract.',
    ],
    [
      '10 11:20',
      'gwen',
      'We have a *request for an offer*. A contract is the thing where they pay. I will write it up in customers.',
    ],
    [
      '9 07:45',
      'ben',
      'Fog on the field, launch moved to 11. If anyone wants to see what nothing looks like, I can send photos.',
    ],
    ['9 07:49', 'hiro', 'Please do. I collect them.'],
    ['9 16:10', 'cleo', 'PSA: the label printer is fixed. It was out of labels.'],
    ['9 16:12', 'dan', 'How long did you debug it?'],
    ['9 16:12', 'cleo', 'I do not see how that is relevant.'],
    [
      '8 08:30',
      'gwen',
      'Kettle update. I know you have been waiting. The new one arrives tomorrow: 3 litres, variable temperature, no app, no account, no firmware.',
    ],
    ['8 08:31', 'dan', 'No firmware? Unacceptable. Who will update it?'],
    ['8 08:34', 'farid', '61 pages for this. Worth it.'],
    ['7 09:05', 'gwen', 'It is here. It is beautiful. It boils.'],
    ['7 09:11', 'esra', 'At 99.6 °C this morning, station pressure being what it is. I checked.'],
    ['7 09:12', 'ada', 'I would have been disappointed if you had not.'],
    [
      '6 13:40',
      'ada',
      'Reminder that the quarterly retro is tomorrow at 14:00. Bring one thing that went well, one that did not, and something to eat.',
    ],
    [
      '6 13:52',
      'hiro',
      '了解です。I will bring the thing that did not go well *and* is edible: my first attempt at kanelbullar.',
    ],
    [
      '5 15:30',
      'ada',
      `From the retro, so that it does not get lost:

1. Checklists before launch are read aloud, by two people, every time
2. Firmware freezes two days before a customer flight
3. Hiro is not allowed to bake alone

Thank you. It was a good one.`,
    ],
    ['5 15:33', 'dan', 'I voted against 2 and I want it on the record that 2 is right.'],
    ['5 15:34', 'hiro', 'I voted against 3.'],
    [
      '4 11:15',
      'cleo',
      'Somebody left a soldering iron on at bench 2 over night. It was me. I am telling you before the log does.',
    ],
    [
      '4 11:18',
      'farid',
      'Timer sockets are in the order. Fourteen euros for all benches. Cheaper than a workshop.',
    ],
    ['4 11:20', 'cleo', '❤️'],
    [
      '3 08:12',
      'gwen',
      'The insurance person comes at 13:00 and will ask about "pressurised vessels". Say "cylinders, inspected, certificates in the blue folder" and nothing about skateboards.',
    ],
    ['3 14:02', 'gwen', 'We passed. She took a balloon home for her son.'],
    [
      '2 16:45',
      'esra',
      'A small thing that made me happy: the national service used our soundings in the storm bulletin, with our name on it. Page 3, bottom right, but still.',
    ],
    ['2 16:47', 'ada', 'That goes on the wall. Properly framed. @farid?'],
    ['2 16:50', 'farid', 'Already cutting the wood.'],
    [
      '1 09:20',
      'ben',
      'Church payload is down from the church! Verger, ladder, one very calm pigeon. It logged for eleven days straight, the battery estimate was off by a factor of two **in the right direction**.',
    ],
    [
      '1 09:24',
      'dan',
      'I would like everybody to remember this the next time I am conservative about batteries.',
    ],
    ['1 09:25', 'cleo', 'We will remember it the next time you are *wrong* about batteries, dear.'],
    [
      '1 17:10',
      'gwen',
      'Offices are warm again, the heating man says it was "a Tuesday problem". I did not ask.',
    ],
    [
      '210m',
      'hiro',
      'Kanelbullar, second attempt, on the table by the window. Supervised. Not burnt.',
    ],
    ['204m', 'farid', 'Can confirm. I supervised. I ate three, for safety.'],
    [
      '41m',
      'gwen',
      '@ada the frame for the bulletin is up, next to the coat hooks. It looks like we know what we are doing.',
    ],
  ],
}
