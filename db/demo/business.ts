import type { Conversation } from './conversation.ts'

export const customers: Conversation = {
  key: 'demo-customers',
  kind: 'private',
  title: 'customers',
  topic: 'Offers, contracts, who said what to whom',
  by: 'gwen',
  people: ['ada', 'ben', 'esra'],
  unreadByAda: 2,
  lines: [
    [
      '13 13:00',
      'gwen',
      'This month in four lines:\n\n1. University, 6 × ozone: offer by next week\n2. Dosimeter people, HX-214: **signed**\n3. Schools, HX-216: **signed**, paid in very small coins\n4. Advertising, a square one: no',
    ],
    ['13 13:06', 'ada', 'Very small coins?'],
    [
      '13 13:07',
      'gwen',
      'They had a bake sale. I have 412 coins and an enormous respect for year six.',
    ],
    [
      '11 09:10',
      'gwen',
      'Dosimeter people ask for a "guaranteed altitude of 33 km". What do I write?',
    ],
    [
      '11 09:25',
      'esra',
      '"Expected 33 km; 31 km or more in nine of ten flights; below 30 km you fly again for free." That I can defend with three years of data.',
    ],
    ['11 09:27', 'gwen', 'That is a better sentence than the lawyer’s, and shorter by a page.'],
    [
      '10 11:45',
      'gwen',
      'University offer draft: 6 flights over a year, 4,200 each including recovery, data in their format within 24 h. @esra is 24 h fair to you?',
    ],
    [
      '10 11:50',
      'esra',
      'Fair. If they want their *format* checked by a human on a weekend, then 48.',
    ],
    ['10 11:53', 'ada', 'Write 48 and deliver in 12.'],
    ['9 15:15', 'gwen', 'Sent. Now we wait, which is the part of sales that I do best.'],
    [
      '6 10:40',
      'gwen',
      'They want to talk about the price. I said "of course", and "no", in that order.',
    ],
    [
      '5 11:15',
      'ben',
      'Dosimeter customer was on the field this morning. He cried a little at release. I gave him the good thermos.',
    ],
    [
      '5 12:30',
      'gwen',
      'And at 34,120 m he called me and ordered **three more flights**. Record altitude is a sales channel.',
    ],
    ['4 10:05', 'gwen', 'The advertising people are back. It is a cube now.'],
    ['4 10:06', 'ada', 'Still no. With even kinder regards.'],
    [
      '3 13:30',
      'esra',
      'A group in İzmir wrote to me about the float plot. Translating: “Üç saat boyunca 40 metre içinde mi kaldınız? Biz de istiyoruz.” — “You stayed within 40 metres for three hours? We want that too.”',
    ],
    ['3 13:34', 'gwen', 'How does one say "4,800 plus travel" in Turkish?'],
    ['3 13:35', 'esra', '“Dört bin sekiz yüz artı yol.” Ama önce çay. First tea, always.'],
    [
      '1 10:20',
      'gwen',
      'University: they took the offer, unchanged. Six flights! I did nothing, for nine days, with great skill.',
    ],
    ['1 10:22', 'ada', 'I have never been prouder of nothing. Contract today?'],
    [
      '1 16:05',
      'gwen',
      'Contract is drafted. It needs your signature on pages 2, 5 and 9, and on page 7 your birthday, do not ask.',
    ],
    [
      '88m',
      'gwen',
      'The contract wants to be signed until tonight, @ada. It lies on your chair so that you cannot sit down.',
    ],
    [
      '63m',
      'ben',
      'While you are at it: the schools ask whether we do this every year. 80 children say yes already.',
    ],
  ],
}

export const hiring: Conversation = {
  key: 'demo-hiring',
  kind: 'private',
  title: 'hiring',
  topic: 'A second person for flight operations',
  by: 'ada',
  people: ['ben', 'gwen'],
  lines: [
    [
      '10 14:00',
      'ada',
      'We look for a second flight operator. Nine applications so far. Let us talk about people here as if they could read it.',
    ],
    [
      '10 14:10',
      'ben',
      'I need somebody who reads checklists aloud without being ashamed, and who says "stop" to me.',
    ],
    ['10 14:12', 'gwen', 'So, somebody like Gwen.'],
    ['10 14:12', 'ben', 'Somebody like Gwen, but who gets up at five.'],
    [
      '7 15:30',
      'gwen',
      'Three to invite, I think: the glider pilot, the theatre technician, and the one who attached a diagram of her own mistake with lessons learned.',
    ],
    ['7 15:41', 'ben', 'Diagram person first. Please.'],
    [
      '3 16:00',
      'ada',
      'Diagram person was here. She found a worn shackle on the launch table within four minutes and said "stop" to Ben.',
    ],
    ['3 16:02', 'ben', 'I have never been so happy to be stopped.'],
    [
      '2 09:10',
      'gwen',
      'She can start in January. She asked whether there is a kettle. I think this is going to work out.',
    ],
    ['2 09:12', 'ada', 'Offer goes out today. Thank you both, that was careful work.'],
  ],
}

export const bookClub: Conversation = {
  key: 'demo-book-club',
  kind: 'open',
  title: 'book-club',
  topic: 'One book a month. Nobody has to have finished it',
  by: 'cleo',
  people: ['esra', 'hiro', 'farid'],
  lines: [
    ['12 18:10', 'cleo', 'This month: the one about the aeronauts. Who has begun?'],
    ['12 18:30', 'farid', 'I have read the part about varnishing silk four times. I have remarks.'],
    [
      '9 18:05',
      'esra',
      'Chapter 6 claims a wind of 120 knots at 4 km. I looked it up in the reanalysis. It was 40.',
    ],
    ['9 18:09', 'cleo', 'It is a novel, Esra.'],
    ['9 18:10', 'esra', 'It says "based on true events".'],
    ['6 18:20', 'hiro', '読み終わりました。I finished. I cried at the pigeon.'],
    ['6 18:24', 'farid', 'Do not tell me about the pigeon!!'],
    [
      '2 17:50',
      'cleo',
      'We meet next week, at mine, soup at seven. Bring your opinions, and bowls. I have three bowls.',
    ],
  ],
}
