import type { Service } from './service.ts'

/** The release, where everybody may know it. */
export function shownVersion({ configuration, version }: Service): string | undefined {
  return configuration.api.showVersion ? version : undefined
}
