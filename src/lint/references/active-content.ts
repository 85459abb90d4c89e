import type { Place } from '../../procedure/index.ts'

/** An attribute of a tag. */
export interface Attribute {
  /** As written; empty where an expression gives several. */
  readonly name: string
  /** Decoded; `undefined` when it is known only where the page is shown. */
  readonly value: string | undefined
  readonly place: Place
}

/** A tag of HTML or JSX. */
export interface Tag {
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly place: Place
}

/** What is wrong at a place, and what was found there. */
export interface Finding {
  readonly place: Place
  readonly message: string
  readonly found: string
}

const FRAME = 'A frame shows a page of somebody else’s as if it were this one'
const OBJECT = 'An embedded object runs in the reader’s browser'
const LOOKS = 'This changes how the site looks and what it shows'
/** What is said of an element that asks for input. */
export const ASKS = 'This asks the reader for something, as if the site did'
const HIDES = 'Browsers do not read what follows as Markdown does'
const HIDDEN = 'This hides what stands in it, although it may run'
const ELEMENTS: Readonly<Record<string, string>> = {
  script: 'A script runs in the reader’s browser',
  handler: 'A script runs in the reader’s browser',
  listener: 'A script runs in the reader’s browser',
  iframe: FRAME,
  frame: FRAME,
  frameset: FRAME,
  portal: FRAME,
  fencedframe: FRAME,
  object: OBJECT,
  embed: OBJECT,
  applet: OBJECT,
  base: 'This changes where every link of the page leads',
  style: LOOKS,
  link: LOOKS,
  head: LOOKS,
  html: LOOKS,
  body: LOOKS,
  template: LOOKS,
  form: ASKS,
  textarea: ASKS,
  select: ASKS,
  keygen: ASKS,
  isindex: ASKS,
  xmp: HIDES,
  plaintext: HIDES,
  listing: HIDES,
  noembed: HIDES,
  noframes: HIDES,
  noscript: HIDES,
  dialog: HIDDEN,
  datalist: HIDDEN,
  canvas: HIDDEN,
}
const ADDRESSES = new Set(
  `href src xlink:href xlinkhref action formaction poster background cite data srcset imagesrcset ping to from by values longdesc url
  classid codebase profile usemap manifest icon dynsrc lowsrc archive code object`.split(/\s+/),
)
/** Components call other things `data` and `values`. */
const ADDRESSES_OF_COMPONENTS = new Set(['href', 'src', 'to', 'url', 'xlinkhref', 'action', 'srcset', 'poster'])
const SAFE_INPUTS = ['checkbox', 'radio']

/** Why a tag is not allowed on a page: the element, and each of its attributes. */
export function judgeTag({ name, attributes, place }: Tag): Finding[] {
  const element = judgeElement(name.replace(/^.*:/, ''), attributes)
  const isComponent = /^[A-Z]|\./.test(name)
  const wrong = attributes.flatMap(attribute => {
    // The form itself is what asks.
    if (name.toLowerCase() === 'form' && attribute.name.toLowerCase() === 'action') return []
    const message = judgeAttribute(attribute, isComponent ? ADDRESSES_OF_COMPONENTS : ADDRESSES)
    return message === undefined
      ? []
      : [{ place: attribute.place, message, found: attribute.name || attribute.value || '{…}' }]
  })
  return element === undefined ? wrong : [{ place, message: element, found: `<${name}>` }, ...wrong]
}

function judgeElement(name: string, attributes: readonly Attribute[]): string | undefined {
  if (Object.hasOwn(ELEMENTS, name)) return ELEMENTS[name]
  const find = (wanted: string) => attributes.find(attribute => attribute.name.toLowerCase() === wanted)
  if (name === 'meta' && (find('http-equiv') || find('httpequiv')))
    return 'This may lead the reader to another page, or lift what the site forbids'
  if (name !== 'input') return undefined
  const type = find('type')
  return type?.value !== undefined && SAFE_INPUTS.includes(type.value.toLowerCase()) ? undefined : ASKS
}

const LINK = 'This link would run, or show, what stands in it'

function judgeAttribute({ name, value }: Attribute, addresses: ReadonlySet<string>): string | undefined {
  const plain = name.toLowerCase()
  if (/^on/.test(plain)) return `${name} runs code in the reader’s browser`
  if (plain === 'srcdoc') return 'srcdoc is a whole page inside this one'
  if (plain === 'formaction' || plain === 'action') return 'This sends what the reader types somewhere'
  if (plain === 'dangerouslysetinnerhtml') return `${name} writes HTML that nobody has looked at`
  if (plain === 'hidden') return HIDDEN
  if (name === '') return 'Nobody sees which attributes these are'
  if (value === undefined)
    return addresses.has(plain) || plain === 'style'
      ? 'Nobody sees what this will be: write it as plain text'
      : undefined
  if (plain === 'style' && DRESSES.test(value.replace(/\\|\/\*.*?\*\//gs, '')))
    return 'This style loads something, or lies over the page'
  if (plain === 'style' && HIDES_STYLE.test(value)) return HIDDEN
  if (addresses.has(plain)) return isActiveUrl(value) || hasActivePart(plain, value) ? LINK : undefined
  return RUNS.test(squeeze(value)) ? LINK : undefined
}

const DRESSES = /url\s*\(|image\s*\(|image-set\s*\(|expression\s*\(|@import|behavior\s*:|-moz-binding|position\s*:/i
const HIDES_STYLE =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0|(?:font-size|height|width|max-height)\s*:\s*0(?![.\d]*[1-9])|clip|text-indent\s*:\s*-|transform|color\s*:\s*transparent/i
const RUNS = /^(?:feed:|view-source:|jar:)*(?:javascript|vbscript|livescript|mocha):/
const SHOWS = /^(?:feed:|view-source:|jar:)*(?:data|blob|filesystem):/

/** Whether an address holds code or a page itself, which the browser then runs or shows. */
export function isActiveUrl(url: string): boolean {
  const plain = squeeze(url)
  return RUNS.test(plain) || SHOWS.test(plain)
}

/** Whether a text runs when somebody takes it for an address. */
export function runsAsUrl(text: string): boolean {
  return RUNS.test(squeeze(text))
}

/** Several addresses in one value. */
function hasActivePart(name: string, text: string): boolean {
  return (
    ['srcset', 'imagesrcset', 'values', 'ping', 'archive'].includes(name) && text.split(/[,;\s]+/).some(isActiveUrl)
  )
}

/** An address as browsers read it: in lower case, without white space and control characters. */
function squeeze(url: string): string {
  return url.replace(/[^\x21-\x7e]/g, '').toLowerCase()
}
