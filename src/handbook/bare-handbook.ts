import { type Handbook, handbookFileSchema } from '../environments/index.ts'
import { listPages } from './list-pages.ts'

/** A folder without a `handbook.yaml`, as a handbook that says nothing but where its pages, if any, are published. */
export async function bareHandbook(
  root: string,
  {
    url = 'https://handbook.invalid',
    pages = [],
    runbookAnnotation,
  }: {
    readonly url?: string | undefined
    readonly pages?: string[]
    readonly runbookAnnotation?: string | undefined
  } = {},
): Promise<Handbook> {
  return {
    root,
    file: handbookFileSchema.parse({ url, pages, runbookAnnotation }),
    pages: await listPages(root, pages),
  }
}
