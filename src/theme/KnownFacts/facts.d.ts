declare module '@generated/handbook/default/facts.json' {
  const facts: import('../../plugin/index.ts').KnownFacts
  export default facts
}
