import cards from '@generated/handbook/default/cards.json'
import type { ProcedureCard } from '../../plugin/index.ts'

/** What the site knows of the procedure on a page. */
export function findCard(path: string): ProcedureCard | undefined {
  return cards.find(card => card.path === path)
}

/** The data that the plugin wrote into the only attribute of an element when the site was built. */
export function parseView<View>(view: string): View {
  return JSON.parse(view)
}
