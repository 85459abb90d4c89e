import { usePluginData } from '@docusaurus/useGlobalData'
import cards from '@generated/handbook/default/cards.json'
import type { ProcedureCard, SiteData } from '../../plugin/index.ts'

/** What every page knows of the site. */
export function useSiteData(): SiteData {
  const data = usePluginData('handbook')
  return isSiteData(data) ? data : { environments: [] }
}

/** What the site knows of the procedure on a page. */
export function findCard(path: string): ProcedureCard | undefined {
  return cards.find(card => card.path === path)
}

function isSiteData(data: unknown): data is SiteData {
  return typeof data === 'object' && data !== null && 'environments' in data
}

/** The data that the plugin wrote into the only attribute of an element when the site was built. */
export function parseView<View>(view: string): View {
  return JSON.parse(view)
}
