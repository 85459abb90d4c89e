// Refuses a change whose description does not have every item of the review checklist ticked. Reads the description from
// PULL_REQUEST_BODY, or from stdin.
import { readFileSync } from 'node:fs'

const TEMPLATE = '.github/pull_request_template.md'

const items = listItems(readFileSync(TEMPLATE, 'utf8'))
const description = listItems(process.env.PULL_REQUEST_BODY ?? readFileSync(0, 'utf8'))
const open = items.filter(({ text }) => !description.some(item => item.ticked && item.text.startsWith(text)))
if (items.length === 0) fail(`${TEMPLATE} has no checklist`)
for (const { text } of open) fail(`not ticked: ${text}`)
if (open.length > 0) fail(`The checklist stands in ${TEMPLATE}; copy it into the description, and tick what was done`)
else console.log(`review: all ${items.length} items are ticked`)

function listItems(text) {
  return [...text.matchAll(/^[-*] \[([ xX])\] (.*?)\s*$/gm)].map(([, mark, text]) => ({ ticked: mark !== ' ', text }))
}

function fail(message) {
  console.error(message)
  process.exitCode = 1
}
