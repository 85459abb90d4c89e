import type { RuleText } from '../rule.ts'

const HINT = 'Let promtool check rules have a look at it'

/** Found where rules of Prometheus are read, by src/alerts. */
export const rulesYaml: RuleText = {
  id: 'rules-yaml',
  severity: 'error',
  summary: 'A rule file is valid YAML',
  hint: HINT,
}

/** Found where rules of Prometheus are read, by src/alerts. */
export const rulesShape: RuleText = {
  id: 'rules-shape',
  severity: 'error',
  summary: 'A rule file has the shape that Prometheus expects',
  hint: HINT,
}

/** Found where `handbook.yaml` and what it names are read, by src/handbook. */
export const handbookFile: RuleText = {
  id: 'handbook-file',
  severity: 'error',
  summary: 'handbook.yaml has only known keys and valid values',
  hint: 'See the reference of handbook.yaml',
}
