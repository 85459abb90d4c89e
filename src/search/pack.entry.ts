import './pack.css'
import type { SearchIndex, ShownEntry } from './entry.ts'
import { type Find, openSearch, type SearchAnswer } from './find.ts'

/** What a page of a pack does without a server: the colours of the night, its age, the search, and a checklist for paper. */
declare global {
  var handbookIndex: SearchIndex | undefined
}

const MOST = 12
const DAY = 86_400_000
const { dataset } = document.documentElement

if (new URLSearchParams(location.search).get('print') === 'checklist') dataset.print = 'checklist'
dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
document.addEventListener('DOMContentLoaded', () => {
  tellAge()
  showSearch()
})

/** Says how old the copy is, and from the day after its proofs ran out that they have. */
function tellAge(): void {
  const says = document.querySelector('.hb-pack-age')
  const { packed = '', provenUntil } = dataset
  if (!says) return
  const days = Math.floor((Date.now() - Date.parse(packed)) / DAY)
  const age = days < 1 ? 'It is of today.' : days === 1 ? 'It is a day old.' : `It is ${days} days old.`
  const ranOut = provenUntil !== undefined && new Date().toISOString().slice(0, 10) > provenUntil
  if (ranOut) document.querySelector('.hb-pack')?.setAttribute('data-ran-out', '')
  says.textContent = ranOut
    ? `${age} The proofs of this page ran out on ${provenUntil}: what it says may not heal any more.`
    : age
}

function showSearch(): void {
  const place = document.querySelector('.hb-pack-search')
  if (!place) return
  const label = document.createElement('label')
  label.textContent = 'Search '
  const field = document.createElement('input')
  field.type = 'search'
  field.placeholder = 'An alert, a symptom, an error code'
  field.autocomplete = 'off'
  label.append(field)
  const says = document.createElement('p')
  says.setAttribute('role', 'status')
  const list = document.createElement('ul')
  place.append(label, says, list)
  const show = async () => {
    const typed = field.value.trim()
    const { hits, note }: SearchAnswer = typed === '' ? { hits: [] } : (await loadFind())(typed)
    if (field.value.trim() !== typed) return
    list.replaceChildren(...hits.slice(0, MOST).map(makeHit))
    says.textContent =
      typed === '' ? '' : hits.length === 0 ? 'Nothing was found. Try other words, or fewer.' : (note ?? '')
  }
  const search = () => show().catch(() => (says.textContent = 'The search could not be loaded.'))
  field.addEventListener('input', search)
  field.addEventListener('keydown', async event => {
    if (event.key !== 'Enter') return
    await search()
    list.querySelector('a')?.click()
  })
  document.addEventListener('keydown', event => {
    const typing = event.target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)
    if ((event.key === '/' && !typing) || (event.key === 'k' && (event.ctrlKey || event.metaKey))) {
      event.preventDefault()
      field.focus()
    }
  })
}

function makeHit({ url, title, page, alerts = [] }: ShownEntry): HTMLElement {
  const link = document.createElement('a')
  link.href = (dataset.top ?? './') + url
  link.textContent = title
  const where = document.createElement('small')
  where.textContent = [page, ...alerts].filter(Boolean).join(' · ')
  const item = document.createElement('li')
  item.append(link, ' ', where)
  return item
}

let loading: Promise<Find> | undefined

/** The index is a script: a page that was opened from a disk may not read a file. */
function loadFind(): Promise<Find> {
  loading ??= new Promise<Find>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = `${dataset.top ?? './'}search-index.js`
    script.onload = () => (globalThis.handbookIndex ? resolve(openSearch(globalThis.handbookIndex)) : reject())
    script.onerror = reject
    document.head.append(script)
  })
  return loading
}
