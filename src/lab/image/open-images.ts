import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabPlan } from '../plan/lab-plan.ts'
import { tried } from '../plan/not-proven.ts'
import { findPostgres } from '../postgres/postgres.ts'
import { customerKeyFile } from '../shipped/install-service.ts'
import { archiveMachine } from '../shipped/machine.ts'
import { hashImage } from './image-key.ts'
import { findImage, type Image, type ImageFacts, keepImage } from './images.ts'

/** The image of what a lab would set up now, where there is one, and a way to keep one. */
export interface Images {
  readonly image: Image | undefined
  /** Keeps an image of the machine. Its database must be stopped. A failure is logged: the lab goes on without. */
  keep(facts: Omit<ImageFacts, 'made' | 'customerKey'>): Promise<void>
}

/** What differs from a machine that was set up for this lab alone. */
export function imageDifference({ facts }: Image): string {
  return `the machine: a copy of one that was set up at ${facts.made} from the same files; API keys and passwords are those of that one`
}

/** What a lab that was copied does not prove. */
export const COPIED = tried(
  'that the page sets a machine up now: the lab is a copy of one that it set up from the same files, that day',
  'the first lab of each day',
)

/** Looks for the image of what this lab would be made from. */
export async function openImages(plan: LabPlan): Promise<Images> {
  const root = join(plan.bundles, '..')
  const folder = plan.images ?? join(root, '.handbook', 'lab-images')
  const { initdb, postgres } = findPostgres(plan.bundles)
  const key = hashImage({ root, bundles: plan.bundles, postgres: [initdb, postgres] })
  const image = await findImage(folder, key)
  if (image) await writeFile(customerKeyFile(plan), image.facts.customerKey, { mode: 0o600 })
  return {
    image,
    async keep(facts) {
      const made = new Date().toISOString()
      const customerKey = await readFile(customerKeyFile(plan), 'utf8')
      await keepImage(folder, key, { ...facts, made, customerKey }, archive => archiveMachine(plan, archive)).catch(
        error => plan.log(`– image        none was kept: ${error instanceof Error ? error.message : error}`),
      )
    },
  }
}
