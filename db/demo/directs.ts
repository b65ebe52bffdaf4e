import type { Conversation } from './conversation.ts'

export const adaAndBen: Conversation = {
  key: 'demo-ada-ben',
  kind: 'direct',
  by: 'ada',
  people: ['ben'],
  lines: [
    ['12 06:40', 'ada', 'You are at the field already, are you not.'],
    ['12 06:41', 'ben', 'The field is at me. Coffee is hot, wind is not.'],
    [
      '12 12:10',
      'ada',
      'I watched the release from the road, did not want to stand in the way. It still gets me. Every time.',
    ],
    ['12 12:13', 'ben', 'Me too. I pretend that it is the helium.'],
    [
      '9 08:00',
      'ben',
      'About the hiring: I would like to do the first talk on the field, not in the office. You see more in ten minutes of rope.',
    ],
    ['9 08:04', 'ada', 'Yes. Good. Do it.'],
    ['7 17:20', 'ada', 'Honest question: is 24 school payloads too much for one morning?'],
    [
      '7 17:26',
      'ben',
      'Honest answer: yes. We should do it anyway, with two people more on the field and nobody from the press.',
    ],
    ['7 17:27', 'ada', 'You have Farid and me. I will wear the vest.'],
    [
      '5 11:36',
      'ben',
      '34,120!! I walked to the landing. Four kilometres, frost, sun, payload on its side in the grass, blinking. I sat down next to it for a bit.',
    ],
    ['5 11:38', 'ada', 'That is the best report of a flight I ever got.'],
    ['1 08:12', 'ada', 'Sorry about the postponement. The right call.'],
    ['1 08:15', 'ben', 'A boy asked me if the wind is my boss. I said yes.'],
    [
      '301m',
      'ben',
      'Where are you? There is a vest with your name on it. Somebody has drawn a moose on it.',
    ],
    ['298m', 'ada', 'Two minutes. I had to sign something on a chair.'],
  ],
}

export const adaCleoAndDan: Conversation = {
  key: 'demo-ada-cleo-dan',
  kind: 'direct',
  by: 'cleo',
  people: ['ada', 'dan'],
  lines: [
    [
      '11 10:30',
      'cleo',
      'Small circle, because it is about money: rev F in four layers costs 11 € more per board and the ground problem is gone for good. In two layers I can make it small, not gone.',
    ],
    [
      '11 10:33',
      'dan',
      'Four. My hacks have a price too, it is just paid by whoever reads them later.',
    ],
    ['11 10:40', 'ada', 'Four layers. How many do we need until summer?'],
    ['11 10:44', 'cleo', '60, with spares. So 660 € for peace.'],
    ['11 10:45', 'ada', 'Peace was never so cheap. Order it.'],
    ['8 15:40', 'cleo', 'Did you see her face in front of the flat line?'],
    ['8 15:41', 'dan', 'I only heard the silence over the phone. It was a loud silence.'],
    [
      '4 12:00',
      'ada',
      'Cleo, thank you for saying it was you with the soldering iron. That is exactly the place I want this to be.',
    ],
    ['4 12:06', 'cleo', 'I thought about not saying it for about nine seconds.'],
    ['4 12:07', 'dan', 'I would have found it in the power log by now, with a chart.'],
    [
      '1 16:20',
      'dan',
      'Travelling to you the week after next. Who has a bed, and who has plantain?',
    ],
    ['1 16:24', 'cleo', 'Bed: here. Plantain: Farid knows a man.'],
  ],
}

export const adaAndHiro: Conversation = {
  key: 'demo-ada-hiro',
  kind: 'direct',
  by: 'hiro',
  people: ['ada'],
  unreadByAda: 2,
  lines: [
    [
      '8 10:00',
      'hiro',
      'Thank you for talking with the salon. I would have written a letter with a spectrum in it.',
    ],
    ['8 10:05', 'ada', 'I took your spectrum along. It hangs next to their till now.'],
    [
      '5 15:40',
      'ada',
      'About the kanelbullar: it was item three because everybody laughed, not because anybody minded.',
    ],
    ['5 15:44', 'hiro', 'I know. I laughed too, inside, where it was still burning.'],
    ['120m', 'hiro', 'Did you try one? Second attempt. Farid supervises with his mouth.'],
    [
      '36m',
      'hiro',
      'There are two left. I have hidden them behind the spectrum analyser, for you. 🥐',
    ],
  ],
}
