import { bookClub, customers, hiring } from './business.ts'
import type { Conversation } from './conversation.ts'
import { adaAndBen, adaAndHiro, adaCleoAndDan } from './directs.ts'
import { firmware, groundStation } from './engineering.ts'
import { flights } from './flights.ts'
import { general } from './general.ts'
import { envelopes, lostAndFound, officeMove } from './workshop.ts'

/** All that was said in two weeks. */
export const conversations: readonly Conversation[] = [
  general,
  flights,
  firmware,
  envelopes,
  groundStation,
  lostAndFound,
  customers,
  hiring,
  officeMove,
  bookClub,
  adaAndBen,
  adaCleoAndDan,
  adaAndHiro,
]
