import type { Conversation } from './conversation.ts'

export const envelopes: Conversation = {
  key: 'demo-envelopes',
  kind: 'open',
  title: 'envelopes',
  topic: 'Latex, seams, fills and what bursts first',
  by: 'farid',
  people: ['ada', 'ben', 'esra'],
  lines: [
    [
      '12 14:10',
      'farid',
      'Batch 12 arrived from the supplier: 20 × 1200 g. Thickness at the crown 0.061 to 0.066 mm. That is a good batch. I measured every one, with music.',
    ],
    ['12 14:12', 'ben', 'What music?'],
    ['12 14:13', 'farid', 'Fairuz in the morning. After lunch it depends on the latex.'],
    [
      '11 10:00',
      'farid',
      'Storage reminder: dark, 20 °C, **no ozone**, and nothing with a motor near it. Somebody parked the vacuum cleaner in the latex room.',
    ],
    ['11 10:04', 'ben', 'Moved. It was me. I was vacuuming *because* of the latex room.'],
    [
      '8 10:20',
      'farid',
      `About 0451, which burst 1.2 km early:

> tear begins at the neck fold, 4 cm, clean edge

A burr on the fill tube, 0.2 mm, you can feel it with a fingernail. From now on: finger test of the tube before each fill, and a silk sleeve. I sewed five. They are blue.`,
    ],
    ['8 10:31', 'esra', 'Silk sleeves. We are a luxury brand now.'],
    ['8 10:33', 'ben', 'Added to the checklist: "finger test tube (say it with a straight face)".'],
    ['7 11:40', 'farid', 'Does anybody know why a customer would ask for a *square* balloon?'],
    [
      '7 11:44',
      'ada',
      'That would be the advertising people. The answer is no, with kind regards.',
    ],
    ['7 11:45', 'farid', 'I already made a small one. It became round.'],
    [
      '5 11:10',
      'farid',
      'For those asking what 0455 had that the others do not: nothing. Same batch, same fill. It was simply a good day to be a balloon.',
    ],
    ['5 11:22', 'esra', 'Cold tropopause, −71 °C, slow burst growth. But I prefer your version.'],
    [
      '4 15:00',
      'farid',
      'Two-balloon rig for HX-215: 600 g each, 6 m line, swivel at the ring so that they can argue without tying knots.',
    ],
    [
      '4 15:06',
      'ben',
      'Swivels tested with 10 kg. And with me. Do not tell the insurance.',
      { deleted: 4 },
    ],
    ['4 15:12', 'ben', 'Swivels tested with 10 kg.'],
    ['3 10:30', 'farid', 'They argued and did not tie knots! 🎉'],
    [
      '1 14:25',
      'farid',
      'Order list for next month, shout by tomorrow evening:\n\n- 20 × 1200 g, batch 13\n- 10 × 600 g\n- talc, 2 kg\n- silk, blue\n- silk, red, for customers who tip',
    ],
    ['1 14:40', 'ben', 'Cotton gloves, size L. Mine have become size M.'],
    ['1 14:41', 'esra', 'A thermometer for the latex room that is not from 1987.'],
  ],
}

export const lostAndFound: Conversation = {
  key: 'demo-lost-and-found',
  kind: 'open',
  title: 'lost-and-found',
  topic: 'Payloads that came down somewhere else, and the kind people who write to us',
  by: 'gwen',
  people: ['ada', 'ben', 'hiro', 'farid'],
  unreadByAda: 2,
  lines: [
    [
      '13 10:20',
      'gwen',
      'Still out: HX-198 (lake), HX-205 (church), HX-209 (signal lost, last seen over a golf course).',
    ],
    [
      '12 13:05',
      'gwen',
      `A letter! Handwritten! From a lady in the Ardennes:

> Bonjour, votre petite boîte est tombée dans mon potager, entre les poireaux et les carottes. Elle clignote. Est-ce que c’est grave ? Le chat ne veut plus sortir.

HX-209 is found. It was not the golf course.`,
    ],
    ['12 13:09', 'ada', 'Please tell the cat that it is not serious and that we are sorry.'],
    [
      '12 13:30',
      'gwen',
      'Sent, with the form for the reward and a picture of a balloon for the cat.',
    ],
    [
      '10 09:15',
      'ben',
      'HX-198: the diver says visibility in the lake is "soup" but the beacon still pings. Waterproof to 2 m, it sits at 6. Respect.',
    ],
    ['10 09:20', 'hiro', 'It pings because I cannot make it stop.'],
    [
      '8 15:45',
      'gwen',
      `She answered!!

> Merci pour la photo. Le chat est ressorti. Il dort maintenant **sur** la boîte, car elle est chaude. Prenez votre temps.

So HX-209 is now a heated cat bed. Pick-up when the cat agrees.`,
    ],
    ['8 15:47', 'farid', 'This is the finest end any payload of ours has met.'],
    [
      '8 15:50',
      'hiro',
      'Telemetry: box temperature rose from 12 to 31 °C at 14:10 and *oscillates at 0.4 Hz*. That is the cat breathing.',
    ],
    ['8 15:51', 'ada', 'Hiro. Please publish that.'],
    [
      '6 10:10',
      'ben',
      'Diver got HX-198. Electronics dead, memory card alive. 14 hours of what fish think of us.',
    ],
    ['6 10:14', 'gwen', 'Closed. I love closing lines in this list.'],
    [
      '4 13:00',
      'gwen',
      'The reward for the Ardennes went out as agreed: 50 € and a tin of sardines.',
    ],
    [
      '1 09:31',
      'ben',
      'HX-205 came down from the church today, see general. List is empty except for the cat.',
    ],
    ['1 09:33', 'farid', 'The list is never empty. The list is resting.'],
    [
      '55m',
      'gwen',
      'New letter. The cat has had kittens. **In the box.** @ada I think we have to let HX-209 go.',
    ],
    ['47m', 'hiro', 'Box temperature 36 °C, several frequencies. I make it four kittens.'],
  ],
}

export const officeMove: Conversation = {
  key: 'demo-office-move',
  kind: 'open',
  title: 'office-move',
  topic: 'From the barn to the other barn',
  by: 'gwen',
  people: ['ada', 'farid', 'ben'],
  archived: '9 17:00',
  lines: [
    [
      '13 11:00',
      'gwen',
      'Last items before this can be closed: the blue folder, the second microwave, and the moose head that came with the place.',
    ],
    ['13 11:05', 'farid', 'The moose stays with me. He has a name.'],
    ['13 11:06', 'gwen', 'Do I want to know?'],
    ['13 11:06', 'farid', 'Moosechanics.'],
    [
      '12 10:00',
      'ben',
      'Blue folder found behind the helium. It was keeping the door open. Important *and* useful.',
    ],
    [
      '10 16:30',
      'ada',
      'Keys handed over, deposit comes back next month, the landlord keeps the microwave as a souvenir. I think we are moved.',
    ],
    [
      '9 16:55',
      'gwen',
      'Then I close this one. Goodbye, old barn. You were cold and I will not miss you.',
    ],
  ],
}
