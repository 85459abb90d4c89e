import type { Rule } from './rule.ts'
import { alertConsequence } from './rules/alert-consequence.ts'
import { alertDescribed } from './rules/alert-described.ts'
import { alertExists } from './rules/alert-exists.ts'
import { alertHasPage } from './rules/alert-has-page.ts'
import { anchorResolves } from './rules/anchor-resolves.ts'
import { bashVariable } from './rules/bash-variable.ts'
import { canFail } from './rules/can-fail.ts'
import { drillAlert, drillExpects, drillFault, expectedAlert, faultDrilled, hasDrill } from './rules/drills.ts'
import { environmentValues } from './rules/environment-values.ts'
import { environmentFacts, environmentSecrets } from './rules/environments.ts'
import { handbookFile, rulesShape, rulesYaml } from './rules/files.ts'
import { filledIn } from './rules/filled-in.ts'
import { finishedProse } from './rules/finished-prose.ts'
import { frontMatterKey } from './rules/front-matter-key.ts'
import { handbookExample } from './rules/handbook-example.ts'
import { hbVerb, knownService, suggestsAStep } from './rules/hb.ts'
import { imageExists } from './rules/image-exists.ts'
import { knownOwner } from './rules/known-owner.ts'
import { linkResolves } from './rules/link-resolves.ts'
import { noActiveContent } from './rules/no-active-content.ts'
import { noSecret } from './rules/no-secret.ts'
import { drilledLately, falseWord, proofCurrent, proofFile, proofSources, stepDrilled } from './rules/proofs.ts'
import { quantitiesFile, quantityBound, quantityKnown, thresholdBound } from './rules/quantities.ts'
import { areaItems, checkItem, itemHasCheck, knownArea, knownBreakage, notApplicable } from './rules/readiness.ts'
import { requiredSection } from './rules/required-section.ts'
import { reviewedLately, reviewedPast } from './rules/reviews.ts'
import { runbookUrl } from './rules/runbook-url.ts'
import { scriptMatches, scriptShown } from './rules/scripts.ts'
import { silenceEnds } from './rules/silence.ts'
import { structureRules } from './rules/structure.ts'
import { templateFilled } from './rules/template-filled.ts'
import { thresholdBasis } from './rules/threshold-basis.ts'
import { bashSyntax, floatingPromise, shellcheck, types } from './rules/tools.ts'
import { temporaryUndone, undoesSaysWhen, wayBack } from './rules/undoing.ts'
import { uniquePageIds } from './rules/unique-page-ids.ts'
import { uniqueRoutes } from './rules/unique-routes.ts'
import { uniqueVariables } from './rules/unique-variables.ts'
import { visibleCode } from './rules/visible-code.ts'
import { waiverAllowed, waiverCurrent, waiverReason, waiverTarget, waiverUntil, waiverUsed } from './rules/waivers.ts'

/** Rules that belong together. */
export interface Topic {
  readonly title: string
  readonly rules: readonly Rule[]
  /** Why no page may waive them, when none may. */
  readonly never?: string
}

const STRUCTURE: Topic = {
  title: 'Structure',
  rules: structureRules,
  never: 'a page that is not read as it was meant is not run',
}

const BLOCKS: Topic = {
  title: 'Blocks',
  rules: [
    types,
    floatingPromise,
    bashSyntax,
    shellcheck,
    bashVariable,
    uniqueVariables,
    visibleCode,
    hbVerb,
    canFail,
    suggestsAStep,
    knownService,
    silenceEnds,
    scriptMatches,
  ],
}

const REFERENCES: Topic = {
  title: 'What pages, alerts and drills say of each other',
  rules: [
    frontMatterKey,
    uniquePageIds,
    uniqueRoutes,
    requiredSection,
    wayBack,
    temporaryUndone,
    undoesSaysWhen,
    alertExists,
    hasDrill,
    drillFault,
    drillExpects,
    drillAlert,
    expectedAlert,
    proofCurrent,
    drilledLately,
    stepDrilled,
    falseWord,
    knownOwner,
    reviewedLately,
    reviewedPast,
    linkResolves,
    anchorResolves,
    imageExists,
    noSecret,
    noActiveContent,
    finishedProse,
    quantityKnown,
    quantityBound,
    thresholdBound,
    templateFilled,
  ],
}

const READINESS: Topic = {
  title: 'Readiness',
  rules: [knownArea, areaItems, itemHasCheck, checkItem, knownBreakage, notApplicable],
}

const FILES: Topic = {
  title: 'Files beside the pages',
  rules: [
    handbookFile,
    rulesYaml,
    rulesShape,
    alertHasPage,
    runbookUrl,
    alertDescribed,
    alertConsequence,
    thresholdBasis,
    faultDrilled,
    scriptShown,
    quantitiesFile,
    filledIn,
    proofFile,
    proofSources,
    environmentFacts,
    environmentSecrets,
    environmentValues,
    handbookExample,
  ],
  never: 'the problem is in a file without front matter',
}

const WAIVERS: Topic = {
  title: 'Waivers',
  rules: [waiverTarget, waiverAllowed, waiverReason, waiverUntil, waiverCurrent, waiverUsed],
  never: 'a rule about waivers cannot be waived',
}

/** The one list of the rules, by topic. The imports above show the file of each rule. */
export const TOPICS: readonly Topic[] = [STRUCTURE, BLOCKS, REFERENCES, READINESS, FILES, WAIVERS]

/** Every rule. */
export const RULES: readonly Rule[] = [FILES, STRUCTURE, BLOCKS, REFERENCES, READINESS, WAIVERS].flatMap(
  ({ rules }) => rules,
)
