import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseProcedure } from '../../../src/procedure/index.ts'
import { requires } from '../../environment/requires.ts'
import { type FixtureServer, INCIDENT, NO_PLOT, RUN, startFixture } from '../../site/live/fixture-server.ts'
import * as story from '../../site/live/stories.ts'
import { DESKTOP, provideSite } from '../../site/provide-site.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATH = 'runbooks/storage-filling.md'
const RUNBOOK = '/runbooks/storage-filling'
const FOLLOW = `/runs?run=${RUN}`
const WORK = `/incidents?incident=${INCIDENT}`

describe.runIf(requires('live pages in a browser', ['chromium']))('the live pages', () => {
  const site = provideSite()
  let server: FixtureServer
  let opened: Page[] = []

  beforeAll(async () => {
    server = await startFixture(site.folder())
    server.session = story.SESSION
  })
  afterAll(() => server?.close())
  afterEach(async () => {
    for (const page of opened) await page.context().close()
    opened = []
    server.mend()
    server.loseAnswers(0)
    server.clear()
    server.session = story.SESSION
    server.approval = undefined
    server.plot = NO_PLOT
  })

  /** Opens a page of the live site, and measures what moves on it. */
  async function open(path: string, options: BrowserContextOptions = DESKTOP): Promise<Page> {
    const context = await site.browser().newContext(options)
    const page = await context.newPage()
    opened.push(page)
    await page.addInitScript(() => {
      const moved: string[] = []
      Object.assign(window, { moved })
      new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
          const sources = 'sources' in entry && Array.isArray(entry.sources) ? entry.sources : []
          // What the site itself adds to its header is there on a static host, too.
          for (const { node } of sources.filter(({ node }) => !node?.parentElement?.closest('.navbar')))
            moved.push(`${node?.nodeName} ${node?.className} ${node?.textContent?.slice(0, 60)}`)
        }
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(`${server.url}${path}`)
    await page.locator('html[data-has-hydrated="true"]').waitFor()
    return page
  }

  const moved = (page: Page) => page.evaluate(() => Reflect.get(window, 'moved'))
  const forget = (page: Page) => page.evaluate(() => Reflect.get(window, 'moved').splice(0))
  const bar = (page: Page) => page.getByRole('region', { name: 'What the run asks' })
  const button = (page: Page, name: string) => bar(page).getByRole('button', { name, exact: true })
  const card = (page: Page, step: string) => page.locator(`section[aria-labelledby="${step}"]`)
  const isSeen = (page: Page, step: string) =>
    card(page, step).evaluate(element => {
      const { top, bottom } = element.getBoundingClientRect()
      return bottom > 0 && top < window.innerHeight
    })
  const isShut = (locator: Locator) => locator.getAttribute('aria-disabled').then(value => value === 'true')
  const says = (page: Page) => bar(page).getByRole('status').textContent()
  const answers = () => server.sent.filter(({ path }) => path.endsWith('/answers')).map(({ body }) => body)

  describe('on a static host', () => {
    it('ask for nothing and load nothing of it', async () => {
      for (const path of ['/', RUNBOOK]) {
        const { page, wrong } = await site.open(path)
        const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
        expect(loaded.filter(name => /\/api\/|\/live-\w+\./.test(name))).toEqual([])
        expect(await page.getByRole('button', { name: /^Run (this page|it here) …$/ }).count()).toBe(0)
        expect(await page.getByText('Asking the server …').isVisible()).toBe(false)
        expect(await page.getByRole('region', { name: 'What the alert looks at' }).count()).toBe(0)
        expect(wrong).toEqual([])
        await page.context().close()
      }
      for (const path of ['/runs', '/incidents']) {
        const { page } = await site.open(path)
        await page.getByText('This copy of the handbook is read only').waitFor()
        await page.context().close()
      }
    })
  })

  describe.each([
    ['on a desktop', DESKTOP],
    ['on a phone', PHONE],
  ] as const)('%s', (_, options) => {
    it('the front page says what fires, who has it and what to do, and nothing moves when that comes', async () => {
      const sees = 'every third upload fails'
      const lead = { commander: 'ana', declared: story.ago(600), due: story.ago(130) }
      const incidents = [{ id: INCIDENT, environment: 'lab', severity: 'SEV2', sees, ...lead } as const]
      server.setNow({ ...story.twoAlerts(), incidents })
      const page = await open('/', options)
      await page.getByRole('heading', { name: '2 alerts fire' }).waitFor()
      expect(await page.getByRole('region', { name: 'Incidents' }).textContent()).toMatch(
        /SEV2: every third upload fails.*for 10 min, ana commands, next word overdue for 2 min/,
      )
      const [first, second] = await page.getByRole('list', { name: 'Alerts that fire' }).getByRole('listitem').all()
      expect(await first?.textContent()).toMatch(/UploadBridgeStorageFilling.*critical.*for 4 min.*nobody has begun/s)
      expect(await second?.textContent()).toMatch(/UploadBridgeDownstreamFailing.*ben has it: Follow/s)
      expect(await page.locator('main').textContent()).toMatch(
        /as of \d\d:\d\d:\d\d, asked Prometheus and Alertmanager/,
      )
      expect(await page.locator('main').textContent()).toContain('Refuse new uploads for now')
      expect(await moved(page)).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBe(0)
      const address = await first?.getByRole('link', { name: /^Open runbook/ }).getAttribute('href')
      expect(address).toContain('alert=UploadBridgeStorageFilling')
      expect(address).toContain('label.mountpoint=%2Fvar%2Flib%2Fupload-bridge')
    })

    it('what the alert looks at stands beside the diagnosis, in words as well, and nothing moves when it comes', async () => {
      const page = await open(`${RUNBOOK}#diagnose`, options)
      const plot = page.locator('[data-phase="diagnose"]').getByRole('region', { name: 'What the alert looks at' })
      await plot.getByText('names no Prometheus').waitFor()
      await forget(page)
      server.plot = story.FILLED
      await plot.getByRole('combobox', { name: 'The last' }).selectOption('1440')
      await plot.getByRole('figure').nth(1).waitFor()
      const [first, second] = await plot.getByRole('figure').all()
      expect(await first?.getByRole('img').getAttribute('aria-label')).toBe(
        'Now 0.0818, the nearest of 9 series. The alert looks whether it is < 0.15: so now for 4 of 6 drawn.',
      )
      expect(await first?.textContent()).toMatch(/instance=host-0 0\.0818.*7 more, 3 of them not drawn/)
      expect(await second?.textContent()).toContain('No data: nothing has this value in this time.')
      expect(await moved(page)).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBe(0)
      server.plot = { ...NO_PLOT, state: 'no-answer', why: 'connect ECONNREFUSED' }
      await plot.getByRole('combobox', { name: 'The last' }).selectOption('180')
      await plot.getByText('Prometheus did not answer, at ').waitFor()
      expect(await moved(page)).toEqual([])
    })

    it('a danger is never where Run was, and is armed half a second after it appeared at the earliest', async () => {
      server.tell(...story.diagnosed())
      server.ask([story.MAY_SHED])
      const page = await open(FOLLOW, options)
      const run = await button(page, 'Run').boundingBox()
      expect(run).not.toBeNull()
      await page.evaluate(() => {
        const times: Record<string, number> = {}
        Object.assign(window, { times })
        new MutationObserver(() => {
          const found = [...document.querySelectorAll('button')].find(
            ({ textContent }) => textContent === 'Run: no way back',
          )
          if (!found) return
          times.appeared ??= performance.now()
          if (found.getAttribute('aria-disabled') === 'false') times.armed ??= performance.now()
        }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
      })
      server.tell(story.planned())
      server.ask([story.MAY_PURGE])
      const danger = button(page, 'Run: no way back')
      await danger.waitFor()
      await danger.click({ force: true })
      const box = await danger.boundingBox()
      await expect.poll(() => isShut(danger)).toBe(false)
      const { appeared, armed } = await page.evaluate(() => Reflect.get(window, 'times'))
      expect(armed - appeared).toBeGreaterThanOrEqual(500)
      expect(answers()).toEqual([])
      expect(run && box && overlap(run, box)).toBe(false)
      expect(await isShut(button(page, 'Run'))).toBe(true)
      await danger.click()
      // One press is not enough for what has no way back.
      const dialog = page.getByRole('dialog', { name: 'Run “Delete stale partial uploads” in lab?' })
      await dialog.getByText('It touches 37, and no more.').waitFor()
      expect(answers()).toEqual([])
      await dialog.getByRole('button', { name: 'Run it in lab' }).click()
      await expect.poll(answers).toMatchObject([{ question: '2', choice: 'run' }])
    })
  })

  it('says that it asks until the first answer comes, and nothing of a copy that is read only', async () => {
    const page = await (await site.browser().newContext(PHONE)).newPage()
    opened.push(page)
    await page.route('**/*.js', route => route.abort())
    for (const path of ['/', FOLLOW, WORK]) {
      await page.goto(`${server.url}${path}`)
      expect(await page.getByText('Asking the server …').isVisible(), path).toBe(true)
      expect(await page.getByText('read only').filter({ visible: true }).count(), path).toBe(0)
    }
  })

  it('one’s own run is what the front page says loudest of its alert', async () => {
    server.session = { ...story.SESSION, person: 'ben' }
    server.setNow(story.twoAlerts())
    const page = await open('/', PHONE)
    await page.getByRole('heading', { name: '2 alerts fire' }).waitFor()
    const [first, second] = await page.getByRole('list', { name: 'Alerts that fire' }).getByRole('listitem').all()
    expect(await first?.getByRole('link', { name: /^Open runbook/ }).count()).toBe(1)
    expect(await second?.getByRole('link').count()).toBe(1)
    const own = second?.getByRole('link', { name: 'Continue your run Deliveries fail' })
    expect(await own?.getAttribute('href')).toMatch(/^\/runbooks\/downstream-down\?.*&run=20261129-031400-a1b2$/)
  })

  it('a runbook has its button first, and the command below it; nothing moves when the button comes', async () => {
    for (const options of [DESKTOP, PHONE]) {
      const page = await open(RUNBOOK, options)
      const run = page.locator('article').getByRole('button', { name: 'Run it here …' })
      await run.waitFor()
      const places = [run, page.getByText('Or in a terminal'), page.getByText(/^\$ npx handbook run storage-filling/)]
      const tops = await Promise.all(
        places.map(each =>
          each
            .first()
            .boundingBox()
            .then(box => box?.y ?? 0),
        ),
      )
      expect(tops).toEqual(tops.toSorted((a, b) => a - b))
      expect(await moved(page)).toEqual([])
      await run.click()
      await page.getByRole('button', { name: 'Run Diagnose' }).waitFor()
    }
    server.session = undefined
    const stranger = await open(RUNBOOK)
    await stranger.getByText('To run it here, open the link').waitFor()
  })

  it('a question says what its step does, and leads to the step on its page, with the run beside it', async () => {
    server.tell(...story.diagnosed())
    for (const options of [DESKTOP, PHONE]) {
      server.ask([])
      const page = await open(FOLLOW, options)
      await expect.poll(() => says(page)).toContain('Ran: Are stale')
      const places = () =>
        bar(page)
          .getByRole('button')
          .evaluateAll(all => all.map(each => each.getBoundingClientRect().y))
      const before = await places()
      await forget(page)
      server.ask([story.MAY_SHED])
      await bar(page).getByText('Clients see 503, and are asked to retry.').waitFor()
      expect(new Set(await places())).toEqual(new Set(before))
      expect((await moved(page)).filter((what: string) => /^(BUTTON|A) /.test(what))).toEqual([])
      await bar(page).getByRole('link', { name: 'See the step' }).click()
      // On a phone the run covers the page: it is closed until somebody wants it.
      await expect.poll(() => isSeen(page, 'shed')).toBe(true)
      expect(new URL(page.url()).searchParams.get('run')).toBe(RUN)
      expect(await bar(page).count()).toBe(options === PHONE ? 0 : 1)
      if (options === PHONE) await page.getByRole('region', { name: 'Run this page' }).getByText('Show its run').click()
      await page.evaluate(() => window.scrollTo(0, 0))
      await bar(page).getByRole('link', { name: 'See the step' }).click()
      await expect.poll(() => isSeen(page, 'shed')).toBe(true)
      expect(new URL(page.url()).searchParams.get('run')).toBe(RUN)
      expect(await bar(page).count()).toBe(options === PHONE ? 0 : 1)
    }
  })

  it('the page beside a run follows it to each step, until its reader scrolls away', async () => {
    server.tell(...story.diagnosed().slice(0, 3))
    const page = await open(`${RUNBOOK}?run=${RUN}`)
    await expect.poll(() => isSeen(page, 'usage')).toBe(true)
    expect(await isSeen(page, 'purge-partials')).toBe(false)
    server.tell(...story.diagnosed().slice(4), story.starts('purge-partials'))
    await expect.poll(() => isSeen(page, 'purge-partials')).toBe(true)
    await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }))
    expect(await isSeen(page, 'purge-partials')).toBe(false)
    server.tell(story.passes('purge-partials'), { type: 'phase.started', phase: 'verify' }, story.starts('canary'))
    await expect.poll(() => says(page)).toContain('Runs: A canary')
    expect(await page.evaluate(() => window.scrollY)).toBe(0)
    await card(page, 'canary').evaluate(element => element.scrollIntoView({ behavior: 'instant' }))
    server.tell(story.passes('canary'), { type: 'phase.started', phase: 'roll-back' }, story.starts('admit'))
    await expect.poll(() => isSeen(page, 'admit')).toBe(true)
  })

  it('says what running to the end does before it does it', async () => {
    server.tell(...story.diagnosed())
    server.ask([story.MAY_SHED])
    const page = await open(FOLLOW, PHONE)
    await expect.poll(() => isShut(button(page, 'Run to the end …')), { timeout: 5000 }).toBe(false)
    await button(page, 'Run to the end …').click()
    const dialog = page.getByRole('dialog', { name: 'Run to the end?' })
    await dialog.getByText('asks again only before').waitFor()
    expect(answers()).toEqual([])
    await dialog.getByRole('button', { name: 'Run to the end' }).click()
    await expect.poll(answers).toMatchObject([{ question: '1', choice: 'to-end' }])
  })

  it('after its end has no button that does nothing, but leads to what fires and to the incident', async () => {
    const incident = { id: INCIDENT, environment: 'lab', commander: 'ana', declared: story.ago(600) }
    server.setNow({ ...story.nothingFires(), incidents: [incident] })
    server.tell(...story.diagnosed(), story.starts('purge-partials'))
    const page = await open(FOLLOW, PHONE)
    await button(page, 'Stop').waitFor()
    const buttons = await bar(page).getByRole('button').all()
    const [before, ...shut] = await Promise.all([bar(page), ...buttons].map(each => each.boundingBox()))
    server.tell(...story.healed().slice(1))
    server.end()
    const next = page.getByRole('navigation', { name: 'What to do next' })
    await next.getByRole('link', { name: 'Close the incident …' }).waitFor()
    expect(await bar(page).boundingBox()).toEqual(before)
    expect(await bar(page).getByRole('button').count()).toBe(0)
    for (const link of await next.getByRole('link').all()) {
      const box = await link.boundingBox()
      for (const was of shut) expect(was && box && overlap(was, box)).toBe(false)
    }
    expect(await next.getByRole('link').evaluateAll(all => all.map(each => each.getAttribute('href')))).toEqual([
      '/?environment=lab',
      `/incidents?incident=${INCIDENT}`,
    ])
    expect((await page.getByRole('region', { name: 'How it ended' }).boundingBox())?.y).toBeGreaterThan(0)
    await next.getByRole('link', { name: 'What fires now' }).click()
    await page.getByRole('heading', { name: 'Nothing fires' }).waitFor()
  })

  it('a danger wants the environment’s name typed where others can be reached', async () => {
    server.session = { ...story.SESSION, environments: [{ ...story.LAB, others: ['production'] }] }
    server.tell(...story.diagnosed(), story.planned())
    server.ask([story.MAY_PURGE])
    const page = await open(FOLLOW, PHONE)
    const danger = button(page, 'Run: no way back')
    await expect.poll(() => isShut(danger), { timeout: 5000 }).toBe(false)
    await danger.click()
    const field = page.getByRole('textbox', { name: 'Type lab, not production' })
    const go = page.getByRole('button', { name: 'Run it in lab' })
    for (const word of ['', 'production', 'la']) {
      await field.fill(word)
      expect(await isShut(go)).toBe(true)
      await field.press('Enter')
    }
    expect(answers()).toEqual([])
    await field.fill('lab')
    await field.press('Enter')
    await expect.poll(answers).toMatchObject([{ question: '2', choice: 'run', typed: 'lab' }])
  })

  it('one press declares an incident; its first screen says what one has to know, and its bar stays', async () => {
    server.setNow(story.twoAlerts())
    server.setIncident(story.incident(INCIDENT))
    const page = await open('/', PHONE)
    await page.getByRole('button', { name: 'Declare an incident' }).click()
    await page.getByRole('heading', { name: 'SEV1' }).waitFor()
    expect(server.sent).toMatchObject([{ path: '/api/incidents', body: { environment: 'lab' } }])
    expect(new URL(page.url()).searchParams.get('incident')).toBe(INCIDENT)
    const seen = () => page.getByRole('article').textContent()
    for (const said of [
      'every third customer',
      'ana',
      'next word overdue for 2 min',
      'Refuse new uploads',
      'not seen to end well',
      '1 of 2 on record not seen to end',
      'Since when do deliveries wait?',
    ])
      expect(await seen()).toContain(said)
    // Of the first screen nothing that matters is below it.
    for (const first of ['next word overdue', 'Refuse new uploads for now', 'Since when do deliveries wait?']) {
      const box = await page.getByRole('article').getByText(first).first().boundingBox()
      expect(box && box.y + box.height, first).toBeLessThan(844)
    }
    expect(await seen()).not.toContain('Who called storage?')
    expect(await page.getByText('<b>storage</b> was called').count()).toBe(2)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
      0,
    )
    const tools = page.getByRole('region', { name: 'What can be done' })
    const before = await tools.boundingBox()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByRole('button', { name: 'Answer …' }).click()
    await page.getByRole('textbox', { name: 'Answer' }).fill('since 03:04')
    await page.getByRole('button', { name: 'Write it down' }).click()
    await tools.getByRole('button', { name: 'Close …' }).click()
    await page.getByRole('textbox', { name: 'Why it is closed all the same' }).fill('it stays shut')
    await page.getByRole('button', { name: 'Close it' }).click()
    const changes = () => server.sent.slice(1).map(({ body }) => body.change)
    await expect.poll(changes).toEqual([
      { do: 'accept', role: 'talks' },
      { do: 'answer', question: 5, text: 'since 03:04' },
      { do: 'close', reason: 'it stays shut' },
    ])
    expect(await tools.boundingBox()).toEqual(before)
  })

  it('a reader declares nothing, and changes no incident', async () => {
    server.session = { ...story.SESSION, role: 'reader' }
    server.setNow(story.twoAlerts())
    server.setIncident(story.incident(INCIDENT))
    const page = await open('/')
    expect(await isShut(page.getByRole('button', { name: 'Declare an incident' }))).toBe(true)
    await page.goto(`${server.url}${WORK}`)
    const article = page.getByRole('article')
    await article.getByText('You may read, not write.').waitFor()
    for (const each of await article.getByRole('button').all()) expect(await isShut(each)).toBe(true)
  })

  it('who waits for an approval is seen, with what decides first, and it goes when the approval came', async () => {
    server.approval = story.APPROVAL
    server.tell(...story.diagnosed(), story.planned(), story.waitsForApproval())
    const page = await open(FOLLOW, PHONE)
    const card = page.getByRole('region', { name: 'Waits for the approval of a second person' })
    await card.getByText('runs approve').waitFor()
    const text = (await card.textContent()) ?? ''
    const order = [
      '37 stale partial uploads',
      'Cannot be undone',
      '1 is the page’s usual most',
      'It touches 2',
      'bridgectl',
      '--key',
    ].map(word => text.indexOf(word))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(0)
    expect(await card.getByRole('button').count()).toBe(0)
    server.tell({ type: 'step.approved', step: 'purge-partials', by: 'carla', text: '', signature: '' })
    await card.waitFor({ state: 'detached' })
  })

  it('a run whose runner is gone is resumed by two presses, with the page’s hash and the last event that was seen', async () => {
    server.tell(...story.diagnosed())
    server.end('its runner is gone: the run was interrupted')
    const page = await open(FOLLOW, PHONE)
    await expect.poll(() => says(page)).toBe('Nobody runs this any more. It can be resumed.')
    await button(page, 'Resume …').click()
    await page.getByRole('button', { name: 'Resume it' }).click()
    const resumed = () => server.sent.filter(({ path }) => path.endsWith('/resume')).map(({ body }) => body)
    await expect.poll(resumed).toMatchObject([{ contentHash: 'a'.repeat(64), after: story.diagnosed().length }])
    expect(resumed()[0]?.key).toBeTruthy()
  })

  it('a step that was interrupted is repeated or skipped, as somebody says', async () => {
    server.tell(...story.diagnosed(), story.starts('shed'))
    server.end('its runner is gone: the run was interrupted')
    const page = await open(FOLLOW, PHONE)
    expect(await button(page, 'Resume …').count()).toBe(0)
    await button(page, 'Resume, repeat …').waitFor()
    await button(page, 'Resume, skip …').click()
    await page.getByRole('button', { name: 'Continue after it' }).click()
    await expect.poll(() => server.sent.at(-1)?.body).toMatchObject({ interrupted: 'skip' })
  })

  it('says blind, large, with who is silent and what to do; then that nothing fires, with when it was asked', async () => {
    server.setNow(story.blind())
    const page = await open('/', PHONE)
    const heading = page.getByRole('heading', { name: 'Blind: it is not known what fires' })
    await heading.waitFor()
    expect(await heading.evaluate(element => Number.parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThan(27)
    expect(await page.locator('main').textContent()).toMatch(/Alertmanager answered last at .*ECONNREFUSED/)
    expect(await page.getByRole('link', { name: 'When our tools are down' }).first().isVisible()).toBe(true)
    expect(await page.locator('main').textContent()).not.toContain('Nothing fires')
    server.setNow(story.nothingFires())
    await page.getByRole('heading', { name: /^Nothing fires$/ }).waitFor()
    expect((await page.locator('main').textContent())?.match(/\d\d:\d\d:\d\d/g)).toHaveLength(1)
  })

  it('turns grey with its age when the server is not heard, and back when it is', async () => {
    server.setNow(story.twoAlerts())
    const page = await open('/')
    await page.getByRole('heading', { name: '2 alerts fire' }).waitFor()
    const colour = () => page.locator('li[data-tone="bad"]').evaluate(element => getComputedStyle(element).color)
    const before = await colour()
    server.cut()
    await page.getByText(/The server is not heard: this is \d+ s old/).waitFor()
    expect(await colour()).not.toBe(before)
    server.mend()
    await page.getByText('live', { exact: true }).waitFor({ timeout: 20_000 })
    await expect.poll(colour).toBe(before)
  })

  it('without a session says how to come in', async () => {
    server.session = undefined
    const page = await open('/')
    await page.getByText('Open the link that the handbook’s server printed').waitFor()
    expect(await moved(page)).toEqual([])
  })

  it('begins a run for an alert, with the hash of the page that is read, and follows it there', async () => {
    const page = await open(`${RUNBOOK}?environment=lab&alert=UploadBridgeStorageFilling`)
    await page.getByRole('textbox', { name: /staleAfter/ }).fill('6h')
    server.loseAnswers(2)
    await page.keyboard.press('Enter')
    await page.getByRole('status').filter({ hasText: 'The answer did not come' }).waitFor()
    server.tell(...story.diagnosed())
    await page
      .getByRole('region', { name: 'What happened so far' })
      .getByText('percent=91')
      .first()
      .waitFor({ timeout: 20_000 })
    const begun = server.sent.filter(({ path }) => path === '/api/runs').map(({ body }) => body)
    expect(begun).toHaveLength(3)
    expect(new Set(begun.map(({ key }) => key)).size).toBe(1)
    expect(begun[0]).toMatchObject({
      page: 'storage-filling',
      contentHash: parseProcedure(readFileSync(PATH, 'utf8'), PATH).hash,
      environment: 'lab',
      params: { staleAfter: '6h', freeAtLeast: '15' },
      alert: 'UploadBridgeStorageFilling',
    })
    expect(new URL(page.url()).searchParams.get('run')).toBe(RUN)
    await expect.poll(() => card(page, 'usage').getAttribute('data-run')).toBe('passed')
    // What points to a mitigation is told from what only passed.
    expect(await card(page, 'partials').getAttribute('data-run')).toBe('found')
    expect(await page.getByRole('region', { name: 'Run this page' }).textContent()).toMatch(
      /How full is the volume\?passed in.*stale partial uploads the cause\?found in/s,
    )
  })

  it('is shut from a press until the run has heard it, and sends a press again under its key when the answer was lost', async () => {
    server.tell(...story.diagnosed())
    server.ask([story.MAY_SHED])
    const page = await open(FOLLOW, PHONE)
    await expect.poll(() => isShut(button(page, 'Run'))).toBe(false)
    server.loseAnswers(1)
    await button(page, 'Run').dblclick()
    await expect.poll(answers, { timeout: 20_000 }).toHaveLength(2)
    const [one, two] = answers()
    expect(one).toMatchObject({ question: '1', choice: 'run' })
    expect(two).toEqual(one)
    await expect.poll(() => says(page)).toBe('Sent. Waiting for the run …')
    expect(await isShut(button(page, 'Run'))).toBe(true)
    server.ask([])
    server.tell(story.starts('shed'))
    await expect.poll(() => says(page)).toContain('Runs: Refuse new uploads')
    expect(await isShut(button(page, 'Stop'))).toBe(false)
    expect(answers()).toHaveLength(2)
  })

  it('sends no press again that nobody may mean any more, and says so', async () => {
    server.tell(...story.diagnosed())
    server.ask([story.MAY_SHED])
    const page = await open(FOLLOW, PHONE)
    await expect.poll(() => isShut(button(page, 'Run'))).toBe(false)
    server.loseAnswers(1000)
    await button(page, 'Run').click()
    await page.getByText('The answer did not come. It is sent again, and done once.').waitFor()
    // The phone slept meanwhile.
    await page.evaluate(() => {
      const now = Date.now
      Date.now = () => now() + 121_000
    })
    await page.getByText('it is not sent any more').waitFor()
    const sent = answers().length
    server.loseAnswers(0)
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await expect.poll(() => isShut(button(page, 'Stop'))).toBe(false)
    expect(answers()).toHaveLength(sent)
  })

  it('a flood of output moves no button, keeps to some thousand lines, and leaves the reader where they read', async () => {
    server.tell(...story.diagnosed(), story.starts('purge-partials'))
    const page = await open(FOLLOW, PHONE)
    const output = page.getByRole('region', { name: 'Output of Delete stale partial uploads' })
    await output.waitFor()
    const places = () =>
      bar(page).evaluate(element =>
        [element, ...element.querySelectorAll('button')].map(each => JSON.stringify(each.getBoundingClientRect())),
      )
    const before = await places()
    await forget(page)
    const flood = async (name: string) => {
      for (let at = 0; at < 40; at++)
        server.tell(story.prints('purge-partials', `\u001b[32m${name}\u001b[0m ${'x'.repeat(at * 3)}\n`.repeat(100)))
      server.tell(story.prints('purge-partials', `last of ${name}\n`))
    }
    await flood('first')
    await output.getByText('last of first').waitFor()
    const end = () =>
      output.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)
    await expect.poll(end).toBeLessThan(2)
    await output.evaluate(element => element.scrollTo(0, 3000))
    await flood('second')
    await output.getByText('4001 lines came since').waitFor()
    expect(await output.evaluate(({ scrollTop }) => scrollTop)).toBe(3000)
    expect(await output.locator('> div').count()).toBeLessThanOrEqual(2002)
    expect(await places()).toEqual(before)
    expect(await moved(page)).toEqual([])
    await output.evaluate(element => element.scrollTo(0, element.scrollHeight))
    await output.getByText('last of second').waitFor()
  })

  it('after a cut is shut and grey with its age, goes on behind the last event, and shows nothing twice', async () => {
    server.tell(...story.diagnosed(), story.starts('shed'), story.prints('shed', 'before the cut\n'))
    const page = await open(FOLLOW, PHONE)
    await page.getByText('before the cut').waitFor()
    server.cut()
    await page.getByText(/The server is not heard: this is \d+ s old/).waitFor()
    expect(await isShut(button(page, 'Stop'))).toBe(true)
    expect(await says(page)).toBe('Shut until the server is heard again.')
    server.tell(story.prints('shed', 'during the cut\n'), story.passes('shed'))
    server.ask([story.MAY_PURGE])
    server.mend()
    await button(page, 'Run: no way back').waitFor({ timeout: 20_000 })
    await expect.poll(() => isShut(button(page, 'Stop'))).toBe(false)
    expect(server.resumedFrom).toEqual([String(story.diagnosed().length + 2)])
    await page.getByText('2 lines of output').last().click()
    const output = await page.getByRole('region', { name: 'Output of Refuse new uploads for now' }).textContent()
    expect(output).toBe('before the cutduring the cut')
  })

  it('is worked with the keyboard alone, and the keyboard stays where it was', async () => {
    server.tell(...story.diagnosed())
    server.ask([story.MAY_SHED])
    const page = await open(FOLLOW)
    const run = button(page, 'Run')
    await expect.poll(() => isShut(run)).toBe(false)
    await run.focus()
    await page.keyboard.press('Enter')
    await expect.poll(answers).toHaveLength(1)
    server.ask([])
    server.tell(story.starts('shed'), story.passes('shed'))
    server.ask([{ ...story.WHAT_NOW, step: 'shed' }])
    await button(page, 'Retry').waitFor()
    expect(await button(page, 'Retry').evaluate(element => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Shift+Tab')
    expect(await button(page, 'Stop').evaluate(element => element === document.activeElement)).toBe(true)
    const skip = button(page, 'Skip …')
    await expect.poll(() => isShut(skip)).toBe(false)
    await skip.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('it was done by hand')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(answers).toMatchObject([{}, { choice: 'skip', reason: 'it was done by hand' }])
    server.ask([])
    await skip.waitFor({ state: 'detached' })
    await expect.poll(() => bar(page).evaluate(element => element.contains(document.activeElement))).toBe(true)
    // Stop goes through the run’s own request when it asks nothing.
    await button(page, 'Stop').press('Enter')
    await expect.poll(() => server.sent.at(-1)?.path).toBe(`/api/runs/${RUN}/cancel`)
  })

  it('shows the output as text, whatever it says', async () => {
    server.tell(
      ...story.diagnosed(),
      story.starts('shed'),
      story.prints('shed', '<img src=x onerror=alert(1)> \u001b[2J\u202e\n'),
    )
    const page = await open(FOLLOW)
    await page.getByText('<img src=x onerror=alert(1)> \\x1b[2J\\u{202e}').waitFor()
  })

  it('follows a run to its end and says it as a terminal does; a reader presses nothing', async () => {
    server.session = { ...story.SESSION, role: 'reader' }
    server.tell(...story.diagnosed())
    server.ask([story.MAY_PURGE])
    const page = await open(FOLLOW, PHONE)
    await expect.poll(() => says(page)).toContain('You may read, not answer.')
    for (const each of await bar(page).getByRole('button').all()) expect(await isShut(each)).toBe(true)
    server.ask([])
    server.tell(...story.healed())
    server.end()
    const ending = page.getByRole('region', { name: 'How it ended' })
    expect(await ending.textContent()).toMatch(
      /HEALED after 1 min 34 s.*Not firing: UploadBridgeStorageFilling.*A mitigation was taken \(#purge-partials\)/s,
    )
    expect(await says(page)).toBe('Healed: the run has ended.')
  })

  it('says that a run is unknown, or that its runner is gone', async () => {
    const page = await open('/runs?run=20260101-000000-none')
    await page.getByText('There is no such run').waitFor()
    server.tell(...story.diagnosed())
    server.end('its runner is gone')
    const other = await open(FOLLOW)
    await other.getByText('Nothing more is heard of this run: its runner is gone').waitFor()
    expect(await button(other, 'Stop').count()).toBe(0)
  })

  it.each([390, 1280].flatMap(width => (['light', 'dark'] as const).map(colorScheme => ({ width, colorScheme }))))(
    'keeps nobody out at $width px, $colorScheme',
    async ({ width, colorScheme }) => {
      const options = { viewport: { width, height: 844 }, colorScheme }
      const wrong: string[] = []
      const check = async (
        name: string,
        path: string,
        wait: string | RegExp,
        act: (page: Page) => Promise<void> = async () => {},
      ) => {
        const page = await open(path, options)
        await page.getByText(wait).first().waitFor()
        await act(page)
        wrong.push(...(await violations(page)).map(violation => `${name}: ${violation}`))
      }
      server.setNow(story.twoAlerts())
      await check('two alerts', '/', '2 alerts fire')
      server.setNow(story.blind())
      await check('blind', '/', 'Blind')
      server.setNow(story.nothingFires())
      await check('silent', '/', 'Nothing fires')
      await check('form', `${RUNBOOK}?alert=UploadBridgeStorageFilling`, 'Ready to begin')
      await check('bar', RUNBOOK, 'Run this page')
      server.setIncident(story.incident(INCIDENT))
      await check('incident', WORK, 'SEV1')
      await check('hand over', WORK, 'SEV1', page => page.getByRole('button', { name: 'Hand over …' }).click())
      server.tell(...story.diagnosed(), story.starts('shed'), story.prints('shed', COLOURS))
      await check('output', FOLLOW, 'ground 7')
      await check('cut', FOLLOW, 'ground 7', async page => {
        server.cut()
        await page.getByText('The server is not heard').waitFor()
      })
      server.mend()
      server.tell(story.passes('shed'), story.planned())
      server.ask([story.MAY_PURGE])
      await check('danger', FOLLOW, 'and no more')
      await check('danger dialog', FOLLOW, 'and no more', async page => {
        await expect.poll(() => isShut(button(page, 'Run: no way back')), { timeout: 5000 }).toBe(false)
        await button(page, 'Run: no way back').click()
      })
      server.approval = story.APPROVAL
      server.tell(story.waitsForApproval())
      await check('approval', FOLLOW, 'with their own key')
      server.approval = undefined
      await check('reason', FOLLOW, 'and no more', async page => {
        await expect.poll(() => isShut(button(page, 'Skip …'))).toBe(false)
        await button(page, 'Skip …').click()
      })
      server.ask([])
      server.tell(...story.healed())
      server.end()
      await check('healed', FOLLOW, /HEALED/)
      expect(wrong).toEqual([])
    },
    300_000,
  )
})

/** Every ink, and every ground. */
const COLOURS = Array.from(
  { length: 8 },
  (_, at) =>
    `\u001b[3${at}mink ${at}\u001b[0m \u001b[9${at};1mbright ${at}\u001b[0m \u001b[2mdim\u001b[0m \u001b[4${at}mground ${at}\u001b[0m\n`,
).join('')

function overlap(a: { x: number; y: number; width: number; height: number }, b: typeof a): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { violations } = await Reflect.get(window, 'axe').run()
    return violations.flatMap(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      nodes.map(({ html }) => `${id} ${html.slice(0, 160)}`),
    )
  })
}
