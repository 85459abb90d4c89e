import { defineCommand } from 'citty'

/** `handbook incident`: what is worked on by more than one person, and what is said of it. */
export const incident = defineCommand({
  meta: {
    name: 'incident',
    description: `An incident: declare it, say what is so, hand roles over, and close it. The browser shows the same.

  handbook incident declare --env production
  handbook incident describe --severity SEV2 --sees "Orders fail with 503"
  handbook incident role commander anna
  handbook incident word "We are looking into failing orders" --next 30
  handbook incident note "The storage team was called"
  handbook incident show
  handbook incident close
  handbook incident postmortem

Each command means the open incident; where several are open, say which: --incident ID.`,
  },
  subCommands: {
    declare: () => import('./incident/declare.ts').then(module => module.declare),
    list: () => import('./incident/list.ts').then(module => module.incidentList),
    show: () => import('./incident/show.ts').then(module => module.incidentShow),
    describe: () => import('./incident/say.ts').then(module => module.describe),
    word: () => import('./incident/say.ts').then(module => module.word),
    note: () => import('./incident/say.ts').then(module => module.note),
    ask: () => import('./incident/say.ts').then(module => module.askQuestion),
    answer: () => import('./incident/say.ts').then(module => module.answer),
    pin: () => import('./incident/say.ts').then(module => module.pin),
    role: () => import('./incident/roles.ts').then(module => module.role),
    accept: () => import('./incident/roles.ts').then(module => module.accept),
    close: () => import('./incident/close.ts').then(module => module.close),
    postmortem: () => import('./incident/close.ts').then(module => module.postmortem),
  },
})
