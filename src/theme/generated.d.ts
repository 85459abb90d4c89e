declare module '@generated/handbook/default/cards.json' {
  const cards: readonly import('../plugin/index.ts').ProcedureCard[]
  export default cards
}

declare module '@generated/handbook/default/measures.json' {
  const measures: Readonly<Record<string, import('../plugin/index.ts').DrillMeasures>>
  export default measures
}

declare module '@generated/handbook/default/guides.json' {
  const guides: readonly import('../plugin/index.ts').GuideCard[]
  export default guides
}

declare module '@generated/handbook/default/facts.json' {
  const facts: import('../plugin/index.ts').FrontPageFacts
  export default facts
}

declare module '@generated/handbook/default/symptoms.json' {
  const symptoms: readonly import('../plugin/index.ts').SymptomCard[]
  export default symptoms
}

declare module '@generated/handbook/default/scorecard.json' {
  const scorecard: import('../plugin/index.ts').Scorecard
  export default scorecard
}

declare module '@generated/handbook/default/search-names.json' {
  const names: readonly import('../search/index.ts').SearchEntry[]
  export default names
}

declare module '@generated/handbook/default/search-index.json' {
  const index: import('../search/index.ts').SearchIndex
  export default index
}
