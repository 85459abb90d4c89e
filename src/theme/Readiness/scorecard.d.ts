declare module '@generated/handbook/default/scorecard.json' {
  const scorecard: import('../../plugin/index.ts').Scorecard
  export default scorecard
}
