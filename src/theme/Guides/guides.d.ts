declare module '@generated/handbook/default/guides.json' {
  const guides: readonly import('../../plugin/index.ts').GuideCard[]
  export default guides
}
