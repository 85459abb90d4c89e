declare module '@generated/handbook/default/symptoms.json' {
  const symptoms: readonly import('../../plugin/index.ts').SymptomCard[]
  export default symptoms
}
