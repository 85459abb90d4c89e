import type { Watcher } from '../../../wire/index.ts'

/** Who looks at a run besides this window: `here: you, ben, carla in 2 windows`. */
export function sayWatchers(here: readonly Watcher[], person: string): string {
  const own = here.filter(one => one.person === person)
  const others = here.filter(one => one.person !== person)
  const names = [...own.map(one => ({ ...one, person: 'you' })), ...others].map(({ person, windows }) =>
    windows === 1 ? person : `${person} in ${windows} windows`,
  )
  const alone = others.length === 0 && own.every(({ windows }) => windows === 1)
  return alone ? 'nobody else is here' : `here: ${names.join(', ')}`
}
