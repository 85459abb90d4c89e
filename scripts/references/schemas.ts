import * as z from 'zod/mini'
import { handbookFileSchema, quantitiesFileSchema, rotaSchema } from '../../src/environments/index.ts'
import { frontMatterSchema } from '../../src/procedure/index.ts'
import { catalogueSchema } from '../../src/readiness/index.ts'

/** What a JSON Schema says of one object: its keys, in their order. */
export interface KeysSchema {
  readonly properties?: Readonly<Record<string, KeysSchema>>
  readonly required?: readonly string[]
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly items?: KeysSchema
  readonly additionalProperties?: KeysSchema | boolean
}

/** What an author may write in `handbook.yaml`. */
export function makeHandbookSchema(): KeysSchema {
  return { title: 'handbook.yaml', ...toSchema(handbookFileSchema) }
}

/** What an author may write in a page's front matter; keys beside ours are Docusaurus' or the author's own. */
export function makeFrontMatterSchema(): KeysSchema {
  return { title: 'Front matter of a page', ...toSchema(frontMatterSchema) }
}

/** What an author may write in the catalogue of the readiness assessment. */
export function makeCatalogueSchema(): KeysSchema {
  return { title: 'Catalogue of the readiness assessment', ...toSchema(catalogueSchema) }
}

/** What an author may write in the file of quantities. */
export function makeQuantitiesSchema(): KeysSchema {
  return { title: 'Quantities that pages share', ...toSchema(quantitiesFileSchema) }
}

/** What a rota holds. */
export function makeRotaSchema(): KeysSchema {
  return { title: 'Rota', ...toSchema(rotaSchema) }
}

/** JSON Schemas for editors: path -> text. They know what the commands know of shape, and nothing of what pages say of each other. */
export const schemaFiles: Readonly<Record<string, () => string>> = {
  'static/schemas/handbook.schema.json': () => `${JSON.stringify(makeHandbookSchema(), null, 2)}\n`,
  'static/schemas/catalogue.schema.json': () => `${JSON.stringify(makeCatalogueSchema(), null, 2)}\n`,
  'static/schemas/quantities.schema.json': () => `${JSON.stringify(makeQuantitiesSchema(), null, 2)}\n`,
  'static/schemas/front-matter.schema.json': () => `${JSON.stringify(makeFrontMatterSchema(), null, 2)}\n`,
}

function toSchema(schema: z.core.$ZodType): KeysSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as KeysSchema
}
