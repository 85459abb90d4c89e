import type { LoadContext, Plugin } from '@docusaurus/types'
import { type LoadOptions, listPlaces } from '../handbook/index.ts'
import { fileStore, inspectInThreads, readToolVersion, rememberInspections } from '../lint/index.ts'
import { makeSearchIndex, type SearchIndex } from '../search/index.ts'
import { countFacts } from './count-facts.ts'
import { lightenPages } from './lighten-pages.ts'
import { listGuides } from './list-guides.ts'
import { listNames, listSearchEntries } from './list-search-entries.ts'
import { listSymptoms } from './list-symptoms.ts'
import { describeProblems, HandbookError, showProblems } from './problems.ts'
import { listPublishedPages, loadSite } from './read-site.ts'
import type { KnownProcedures } from './remark-procedure.ts'
import { reusePostCss } from './reuse-post-css.ts'
import { makeScorecard } from './scorecard.ts'
import { viewCards } from './view-card.ts'
import { viewMeasures } from './view-measures.ts'
import type { SiteData } from './view-types.ts'
import { writePolicies } from './write-policy.ts'
import { writeSiteFacts } from './write-site-facts.ts'

/** The options of the plugin. */
export interface HandbookPluginOptions extends Omit<LoadOptions, 'inspect'> {
  /** Gets the pages, so that they are not read again. */
  readonly known?: KnownProcedures
  /** Prints warnings, and errors while somebody is writing. */
  readonly print: (text: string) => void
  /** Whether an error ends the build. While somebody writes, it is only printed, and the rest of the site can be read. */
  readonly strict: boolean
  /** Whether the printed text has colours; by default as `NO_COLOR` and the terminal want. */
  readonly color?: boolean
}

/**
 * Docusaurus plugin: checks the handbook and gives its procedures and proofs to the pages. It never executes a step. It checks before any
 * other plugin reads a page, so that an author's mistake is reported at its place and in our words.
 */
export async function handbookPlugin(
  { siteDir }: Pick<LoadContext, 'siteDir'>,
  { print, strict, color, known, ...options }: HandbookPluginOptions,
): Promise<Plugin> {
  let reported = false
  let noted = false
  const store = fileStore(`${siteDir}/.handbook/cache/site.json`)
  const remembered = rememberInspections(inspectInThreads, store, await readToolVersion(__filename))
  const load = async () => {
    const handbook = await loadSite(siteDir, { ...options, inspect: remembered.inspect })
    await remembered.save()
    known?.learn(handbook.procedures)
    const { unjudged } = handbook.rules
    if (unjudged !== undefined && !noted) print(unjudged)
    noted = true
    // After problems, a check without any is reported too: the author waits for it.
    if (handbook.problems.length === 0 && !reported) return handbook
    reported = handbook.problems.length > 0
    const text = await describeProblems(handbook, color)
    const failed = handbook.problems.some(({ severity }) => severity === 'error')
    if (strict && failed) throw new HandbookError(text, handbook.problems)
    print(text)
    return handbook
  }
  let handbook = await load()
  let index: SearchIndex | undefined
  let permalinks: ReadonlyMap<string, string> = new Map()
  let fresh = true
  return {
    name: 'handbook',
    async loadContent() {
      if (!fresh) handbook = await load()
      fresh = false
    },
    async allContentLoaded({ allContent, actions }) {
      const published = listPublishedPages(allContent)
      permalinks = new Map([...published].map(([path, { permalink }]) => [path, permalink]))
      const shared: SiteData = {
        environments: listChoices(Object.keys(handbook.handbook?.file.environments ?? {})),
        ...(strict ? {} : { problems: showProblems(handbook.problems, published) }),
      }
      actions.setGlobalData(shared)
      await actions.createData('cards.json', JSON.stringify(viewCards(handbook, published)))
      await actions.createData('measures.json', JSON.stringify(viewMeasures(handbook)))
      const { readiness, procedures, lab } = handbook
      const scorecard = makeScorecard(readiness, procedures, published, lab)
      await actions.createData('scorecard.json', JSON.stringify(scorecard))
      const facts = countFacts([...handbook.drills.values()].flat(), scorecard)
      await actions.createData('facts.json', JSON.stringify(facts))
      await actions.createData('guides.json', JSON.stringify(listGuides(allContent)))
      const entries = listSearchEntries(handbook, published)
      index = makeSearchIndex(entries)
      // Pages load it as a script, which also works from a folder, and with nothing that a strict policy forbids.
      await actions.createData('search-index.json', JSON.stringify(index))
      await actions.createData('search-names.json', JSON.stringify(listNames(entries)))
      await actions.createData('symptoms.json', JSON.stringify(listSymptoms(procedures, published)))
    },
    configureWebpack: (_, isServer) => lightenPages(isServer),
    configurePostCss: reusePostCss,
    async postBuild({ outDir, baseUrl }) {
      await writePolicies(outDir)
      await writeSiteFacts(outDir, { handbook, permalinks, index, baseUrl })
    },
    getPathsToWatch() {
      return listPlaces(handbook.handbook?.file).map(path => `${siteDir}/${path}`)
    },
  }
}

/** The environments between which whoever runs a page must choose. Of one, there is no choice. */
function listChoices(environments: readonly string[]): readonly string[] {
  return environments.length > 1 ? environments : []
}
