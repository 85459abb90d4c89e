import { UsageError } from '../../../operate/index.ts'
import { defineChange } from './change-command.ts'

/** `handbook incident describe`: how bad it is, and what customers see. */
export const describe = defineChange({
  name: 'describe',
  description: `Say how bad an incident is, and what customers see of it

  handbook incident describe --severity SEV2
  handbook incident describe --sees "Orders fail with 503"`,
  args: {
    severity: { type: 'string', description: 'SEV1, SEV2 or SEV3', valueHint: 'SEV' },
    sees: { type: 'string', description: 'What customers see, in a sentence', valueHint: 'TEXT' },
  },
  read: ({ severity, sees }) => ({
    do: 'describe',
    ...(severity === undefined ? {} : { severity }),
    ...(sees === undefined ? {} : { sees }),
  }),
  done: 'Written down',
})

/** `handbook incident word`: what was told outside, and when the next word is due. */
export const word = defineChange({
  name: 'word',
  description: `Write down what was told outside, and when the next word is due. The chat of handbook.yaml is told the same

  handbook incident word "We are looking into failing orders" --next 30

Without --next the severity says when: SEV1 every 30 minutes, SEV2 every 2 hours.`,
  args: {
    text: { type: 'positional', required: true, description: 'What was told' },
    next: { type: 'string', description: 'Minutes until the next word', valueHint: 'MINUTES' },
  },
  read: ({ text, next }) => ({
    do: 'word',
    text,
    ...(next === undefined ? {} : { nextIn: readNumber('--next', next) }),
  }),
  done: 'Written down',
})

/** `handbook incident note`: a line of the timeline. */
export const note = defineChange({
  name: 'note',
  description: `Write a line into the timeline

  handbook incident note "The storage team was called"`,
  args: { text: { type: 'positional', required: true, description: 'What happened, was seen or decided' } },
  read: ({ text }) => ({ do: 'note', text }),
  done: 'Written down',
})

/** `handbook incident ask`: a question that is open until somebody answers it. */
export const askQuestion = defineChange({
  name: 'ask',
  description: `Ask a question that stays open until somebody answers it

  handbook incident ask "Since when do deliveries wait?"`,
  args: { text: { type: 'positional', required: true, description: 'The question' } },
  read: ({ text }) => ({ do: 'ask', text }),
  done: 'Asked. handbook incident show has its number',
})

/** `handbook incident answer`: the answer to an open question. */
export const answer = defineChange({
  name: 'answer',
  description: `Answer an open question, by its number

  handbook incident answer 7 "Since 03:04"`,
  args: {
    question: { type: 'positional', required: true, description: 'Its number' },
    text: { type: 'positional', required: true, description: 'The answer' },
  },
  read: ({ question, text }) => ({ do: 'answer', question: readNumber('The question', question), text }),
  done: 'Answered',
})

/** `handbook incident pin`: marks a line of the timeline that matters. */
export const pin = defineChange({
  name: 'pin',
  description: `Let a line of the timeline stand out, and give notes to the postmortem

  handbook incident pin i7
  handbook incident pin i7 --off`,
  args: {
    entry: { type: 'positional', required: true, description: 'The line, as handbook incident show names it' },
    off: { type: 'boolean', description: 'Not any more' },
  },
  read: ({ entry, off }) => ({ do: 'pin', entry, pinned: !off }),
  done: 'Done',
})

function readNumber(what: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new UsageError(`${what} ${text} is no number`)
}
