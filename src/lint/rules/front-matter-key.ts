import { findClosest } from '../../base/index.ts'
import { frontMatterSchema } from '../../procedure/index.ts'
import { type Rule, violation } from '../rule.ts'

/** Keys of Docusaurus, and keys that people commonly add. They are not misspelt keys of ours. */
const FOREIGN = new Set(
  `sidebar_label sidebar_position sidebar_class_name sidebar_custom_props sidebar_key displayed_sidebar hide_title hide_table_of_contents
  toc_min_heading_level toc_max_heading_level pagination_label pagination_next pagination_prev custom_edit_url keywords description
  image slug tags tag draft unlisted last_update parse_number_prefixes custom_props date author authors layout permalink weight aliases
  time tip team terms idea area_of`.split(/\s+/),
)

/** Other words that people write for our keys. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  alertname: 'alerts',
  parameters: 'params',
  arguments: 'params',
  inputs: 'params',
  maintainer: 'owner',
  'last-reviewed': 'reviewed',
  last_reviewed: 'reviewed',
  lastReviewed: 'reviewed',
  faults: 'drills',
}

/** A misspelt key would be ignored silently. */
export const frontMatterKey: Rule = {
  id: 'front-matter-key',
  severity: 'error',
  summary: 'No key of the front matter is a misspelt one of ours',
  hint: 'Correct its spelling, or rename it',
  checkPage(page) {
    if (page.procedure.kind === 'page') return []
    const ours = Object.keys(frontMatterSchema.shape)
    return page.keys().flatMap(({ name, ...place }) => {
      if (ours.includes(name) || FOREIGN.has(name)) return []
      const closest = LOOKALIKES[name] ?? findClosest(name, ours)
      if (closest === undefined) return []
      const hint = `Did you mean ${closest}?`
      return [violation(place, `The key ${name} means nothing here`, { found: name, hint })]
    })
  },
}
