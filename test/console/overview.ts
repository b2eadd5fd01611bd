import { beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { sharedServer, visit } from './browser.ts';
import { type Agent, aFleet, type Fleet } from './fleet.ts';

// What an operator looks at first.
export function overview(): void {
  let app: TestApp;
  let fleet: Fleet;
  beforeAll(async () => {
    app = await sharedServer();
    fleet = await aFleet(app, 'quay', 2);
  });

  const ask = async (selection: string) => (await app.graphql(`{ ${selection} }`)).data;

  test('it shows what the gateway says about missed slots, unseen and pending computers', async () => {
    const { week, pending } = await ask(`
      week: accountStatistics(lastDays: 7) {
        missedSlots { number scriptProfile { title } } unseenComputers { totalCount }
      }
      pending: computers(filter: { statuses: [PENDING] }) { totalCount nodes { title } }`);
    expect(week.missedSlots.length).toBeGreaterThan(0);
    await visit(async ({ page, open, faults }) => {
      await open('/');
      const attention = page.getByRole('region', { name: 'Needs attention' });
      for (const { number, scriptProfile } of week.missedSlots)
        await attention.getByText(`${scriptProfile.title} missed ${number} run`).waitFor();
      await attention
        .getByText(`Not seen for 7 days: ${week.unseenComputers.totalCount} computers`)
        .waitFor();
      await attention.getByText(`Wait to be accepted: ${pending.totalCount} computers`).waitFor();
      await attention.getByRole('link', { name: pending.nodes[0].title }).waitFor();
      expect(await faults()).toEqual([]);
    });
  });

  test('a run appears while it goes on, and its failure as soon as it ends', async () => {
    await visit(async ({ page, open }) => {
      await open('/');
      await page.getByRole('region', { name: 'Running now' }).waitFor();
      const run = await fleet.run();
      const running = page
        .getByRole('region', { name: 'Running now' })
        .getByRole('listitem')
        .filter({ hasText: fleet.profile.title });
      await running.getByText('2 queued').waitFor();
      const [first, second] = fleet.agents;
      for (const id of await first!.take()) await first!.report(id, { succeeded: true });
      await running.getByText('1 succeeded, 1 queued').waitFor();
      const [execution] = await second!.take();
      await second!.report(execution!, {
        succeeded: false,
        resultCode: 103,
        resultText: '\nThe crane is stuck\nmore\n',
      });
      await running.waitFor({ state: 'detached' });
      const failing = page
        .getByRole('region', { name: 'Needs attention' })
        .getByRole('listitem')
        .filter({ hasText: fleet.profile.title });
      await failing.getByText('failed on 1 of 2 computers').waitFor();
      await failing.getByRole('link', { name: 'The crane is stuck' }).click();
      await page.getByRole('dialog', { name: second!.title }).getByText('The crane is stuck').waitFor();
      expect(new URL(page.url()).pathname).toBe(`/runs/${run}`);
    });
  });

  test('a list that was read before an event does not undo the event', async () => {
    await visit(async ({ page, open }) => {
      const events: string[] = [];
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => events.push(String(payload))),
      );
      await open('/');
      const first = await fleet.run();
      const running = page.getByRole('region', { name: 'Running now' });
      const rowOf = (run: number) =>
        running.getByRole('listitem').filter({ has: page.locator(`a[href="/runs/${run}"]`) });
      await rowOf(first).getByText('2 queued').waitFor();

      const held: (() => Promise<void>)[] = [];
      let isHolding = true;
      await page.route('**/graphql', async (route) => {
        const { operationName } = route.request().postDataJSON();
        if (operationName !== 'RunningNow' || !isHolding) return route.continue();
        const response = await route.fetch();
        held.push(() => route.fulfill({ response }));
      });
      const second = await fleet.run();
      await waitUntil(
        'the list was read again',
        () => held.length,
        (length) => length > 0,
      );
      const finish = async (agent: Agent) => {
        for (const id of await agent.take()) await agent.report(id, { succeeded: true });
      };
      const [one, other] = fleet.agents;
      await finish(one!);
      await waitUntil('the event has arrived', () =>
        events.some(
          (event) => event.includes('runProgress') && event.includes('"succeeded":1,"undelivered":1'),
        ),
      );

      isHolding = false;
      for (const release of held) await release();
      await rowOf(second).waitFor();
      expect(await rowOf(first).textContent()).toContain('1 succeeded, 1 queued');
      await finish(other!);
      await rowOf(first).waitFor({ state: 'detached' });
    });
  });

  test('the next 24 hours list the profiles that will run, and lead to the calendar', async () => {
    await visit(async ({ page, open }) => {
      await open('/');
      const next = page.getByRole('region', { name: 'Next 24 hours' });
      await next.getByRole('link', { name: fleet.profile.title }).waitFor();
      await next.getByRole('img', { name: /^Load by hour.* 03:00: / }).waitFor();
      await next.getByRole('link', { name: 'Calendar' }).click();
      await page.getByRole('region', { name: /All profiles/ }).waitFor();
    });
  });

  test('the chart has the runs of each day in the zone of the viewer, and leads to them', async () => {
    const timeZone = 'Asia/Tokyo';
    const { month } = await ask(
      `month: accountStatistics(lastDays: 30, timeZone: "${timeZone}") { days { startsAt runs } }`,
    );
    const [day] = month.days.filter(({ runs }: { runs: number }) => runs > 1);
    const localDay = new Date(Date.parse(day.startsAt) + 9 * 3_600_000).toISOString().slice(0, 10);
    await visit(
      async ({ page, open }) => {
        await open('/');
        const chart = page.getByRole('region', { name: 'Runs by day' });
        await chart.getByRole('group', { name: 'Runs by day and outcome' }).waitFor();
        const bar = chart.locator(`a[href$="day=${localDay}"]`);
        await bar.focus();
        await page.keyboard.press('Enter');
        await page.getByText(`${day.runs} runs`, { exact: true }).waitFor();
        await waitUntil(
          'the list has them',
          async () => (await page.getByRole('rowheader').count()) === day.runs,
        );
      },
      { timeZone },
    );
  });

  test('an account without profiles is told what to do first', async () => {
    await app.addAccount('empty-harbour', 'helen@example.com');
    const token = app.token('helen@example.com', 'empty-harbour');
    await visit(
      async ({ page, context, open, faults }) => {
        await context.request.post(`${app.url}/session`, {
          headers: { 'x-gateway-console': '1', authorization: `Bearer ${token}` },
        });
        await open('/');
        await page.getByRole('heading', { name: 'Three steps to the first run' }).waitFor();
        await page.getByRole('link', { name: 'Create a profile' }).waitFor();
        expect(await faults()).toEqual([]);
      },
      { isLoggedIn: false },
    );
  });
}
