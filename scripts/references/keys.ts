import {
  type KeysSchema,
  makeFrontMatterSchema,
  makeHandbookSchema,
  makeQuantitiesSchema,
  makeRotaSchema,
} from './schemas.ts'

/** The keys of `handbook.yaml`. */
export const handbookKeys = async () => describeKeys(makeHandbookSchema())

/** The keys of the lab. */
export const labKeys = async () => describeKeys(propertyOf(makeHandbookSchema(), 'lab'))

/** The commands that a lab may be made of. */
export const labCommandKeys = async () => describeKeys(propertyOf(propertyOf(makeHandbookSchema(), 'lab'), 'commands'))

/** The keys of what is told that an approval is awaited. */
export const notifyKeys = async () => describeKeys(propertyOf(makeHandbookSchema(), 'notify'))

/** The keys of the numbers that pages share. */
export const quantitiesKeys = async () => describeKeys(propertyOf(makeHandbookSchema(), 'quantities'))

/** The keys of one such number. */
export const quantityKeys = async () => describeKeys(entryOf({ properties: { all: makeQuantitiesSchema() } }, 'all'))

/** The keys of where the rota comes from. */
export const postmortemsKeys = async () => describeKeys(propertyOf(makeHandbookSchema(), 'postmortems'))
export const onCallKeys = async () => describeKeys(propertyOf(makeHandbookSchema(), 'onCall'))

/** The keys of a rota, and of whoever is in it. */
export const rotaKeys = async () => {
  const rota = makeRotaSchema()
  const [people, outside] = [entryOf(rota, 'people'), entryOf(rota, 'outside')].map(describeKeys)
  return `${describeKeys(rota)}\n\nOf \`people\`:\n\n${people}\n\nOf \`outside\`:\n\n${outside}`
}

/** The keys of the server. */
export const serveKeys = async () => describeKeys(propertyOf(makeHandbookSchema(), 'serve'))

/** The keys of the proxy that signs people in. */
export const proxyKeys = async () => describeKeys(propertyOf(propertyOf(makeHandbookSchema(), 'serve'), 'proxy'))

/** The keys of one environment. */
export const environmentKeys = async () => describeKeys(entryOf(makeHandbookSchema(), 'environments'))

/** The keys of one secret of an environment. */
export const secretKeys = async () => describeKeys(entryOf(entryOf(makeHandbookSchema(), 'environments'), 'secrets'))

/** The keys of a page's front matter. */
export const frontMatterKeys = async () => describeKeys(makeFrontMatterSchema())

/** The keys of one parameter. */
export const paramKeys = async () => describeKeys(entryOf(makeFrontMatterSchema(), 'params'))

/** The keys of one drill. */
export const drillKeys = async () => describeKeys(entryOf(makeFrontMatterSchema(), 'drills'))

/** The keys of one waiver. */
export const waiverKeys = async () => describeKeys(entryOf(makeFrontMatterSchema(), 'waivers'))

/** A table of an object's keys. Throws for a key that nobody has described. */
function describeKeys({ properties = {}, required = [] }: KeysSchema): string {
  const rows = Object.entries(properties).map(([key, { description, default: value }]) => {
    if (!description) throw new Error(`The key ${key} has no description`)
    const otherwise = required.includes(key) ? 'must be said' : describeDefault(value)
    return `| \`${key}\` | ${description} | ${otherwise} |`
  })
  return ['| key | is | when not said |', '| --- | --- | --- |', ...rows].join('\n')
}

function describeDefault(value: unknown): string {
  if (value === undefined || (typeof value === 'object' && JSON.stringify(value).length <= 2)) return 'none'
  return `\`${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}\``
}

/** What a key looks like that holds one object. */
function propertyOf({ properties = {} }: KeysSchema, key: string): KeysSchema {
  const { [key]: property } = properties
  if (!property?.properties) throw new Error(`${key} holds no keys`)
  return property
}

/** What each entry of a key looks like that holds many: a list, or a map by name. */
function entryOf({ properties = {} }: KeysSchema, key: string): KeysSchema {
  const { items, additionalProperties } = properties[key] ?? {}
  const entry = items ?? additionalProperties
  if (typeof entry !== 'object') throw new Error(`${key} holds no entries`)
  return entry
}
