import { usePluginData } from '@docusaurus/useGlobalData'
import type { SiteData } from '../../plugin/index.ts'

/** What every page knows of the site. It stands apart from the cards, which only some pages load. */
export function useSiteData(): SiteData {
  const data = usePluginData('handbook')
  return isSiteData(data) ? data : { environments: [] }
}

function isSiteData(data: unknown): data is SiteData {
  return typeof data === 'object' && data !== null && 'environments' in data
}
