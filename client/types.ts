/** The types of what is asked and announced, alone. */
export type {
  Author,
  EventOf,
  EventType,
  Hint,
  Inputs,
  Message,
  MyThread,
  Outputs,
  Participant,
  Person,
  Router,
  Self,
  SkeinEvent,
  Thread,
} from './contract.ts'
export type { Reason } from './skein-error.ts'
