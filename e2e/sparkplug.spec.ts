import type { Page } from '@playwright/test';
import sparkplug from 'sparkplug-payload';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, choose, connect, ready, screen, subscribe } from './support/screen.ts';

type Reference = NonNullable<ReturnType<typeof sparkplug.get>>;
type Payload = Parameters<Reference['encodePayload']>[0];
type Metric = NonNullable<NonNullable<Payload['metrics']>[number]>;

let broker: Mosquitto;
let other: OtherClient;
test.beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'] });
  other = await connectOther(broker.ports.mqtt);
});
test.afterAll(async () => {
  await other.end();
  await broker.stop();
});

const reference = (): Reference => {
  const found = sparkplug.get('spBv1.0');
  if (found === null) {
    throw new Error('no reference library');
  }
  return found;
};
/** Publishes by the reference library (Eclipse Tahu). */
const send = (topic: string, seq: number | undefined, ...metrics: Metric[]) =>
  other.publish(
    `spBv1.0/${topic}`,
    reference().encodePayload({ timestamp: Date.now(), metrics, ...(seq === undefined ? {} : { seq }) }),
  );
const bdSeq = (value: number): Metric => ({ name: 'bdSeq', type: 'Int64', value });
const aliased = (alias: number, value: number) =>
  ({ alias, type: 'Double', value }) satisfies Omit<Metric, 'name'>;

const pane = (page: Page) => page.getByRole('region', { name: 'Sparkplug', exact: true });
const row = (page: Page, name: string) =>
  pane(page)
    .getByRole('treegrid', { name: 'Nodes and devices' })
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name, exact: true }) });
const metric = (page: Page, name: string) =>
  pane(page)
    .getByRole('grid', { name: 'Metrics' })
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name, exact: true }) });
const show = (page: Page) => page.getByRole('tab', { name: 'Sparkplug', exact: true }).click();

test('nodes and devices are followed from birth to death, with what does not fit', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'spBv1.0/#')]);
  await ready(page, 1);
  await show(page);
  await expect(pane(page)).toContainText('No messages of Sparkplug B are kept');

  await send('plant/NBIRTH/edge', 0, bdSeq(1), { name: 'Load', alias: 1, type: 'Double', value: 0.5 });
  await send('plant/DBIRTH/edge/press', 1, { name: 'Pressure', alias: 7, type: 'Double', value: 21.5 });
  await expect(row(page, 'edge')).toContainText('Online');
  await expect(row(page, 'press')).toContainText('Online');
  await send('plant/DDATA/edge/press', 4, aliased(7, 22.25), aliased(9, 1));
  await row(page, 'press').click();
  await expect(metric(page, 'Pressure')).toContainText('22.25');
  await expect(metric(page, 'Pressure')).toContainText('Double');
  const findings = pane(page).getByRole('region', { name: 'Findings' });
  await expect(findings).toContainText('sequence jumped 1 → 4: 2 messages are missing');
  await expect(findings).toContainText('alias 9 unknown: not in the birth');
  expect(await seriousViolations(page)).toEqual([]);

  // The inspector names the alias by the birth.
  await findings.getByRole('button', { name: /sequence jumped/ }).click();
  const message = screen.message(page);
  await expect(message).toContainText('Pressure');
  await expect(message).toContainText('1 metric is known by alias only.');

  await send('plant/NDEATH/edge', undefined, bdSeq(0));
  await row(page, 'edge').click();
  await expect(findings).toContainText('NDEATH bdSeq 0 does not match NBIRTH bdSeq 1');
  await expect(row(page, 'edge')).toContainText('Online');
  await send('plant/NDEATH/edge', undefined, bdSeq(1));
  await expect(row(page, 'edge')).toContainText('Offline');
  await expect(row(page, 'press')).toContainText('Offline');
  await expect(pane(page)).toContainText('Stale: these values are from before it went offline.');
  await other.publish('spBv1.0/STATE/scada', '{"online":true,"timestamp":1}');
  await expect(row(page, 'scada')).toContainText('Online');
});

test('a rebirth is requested with one click, and answered', async ({ launch }) => {
  const heard = await other.listen('spBv1.0/works/NCMD/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'spBv1.0/works/#')]);
  await ready(page, 1);
  await send('works/NDATA/mill', 9, aliased(3, 1));
  await show(page);
  await row(page, 'mill').click();
  await expect(row(page, 'mill')).toContainText('No birth seen');
  await expect(metric(page, 'Speed')).toHaveCount(0);
  await pane(page).getByRole('button', { name: 'Request rebirth' }).click();
  await expect.poll(() => heard.length).toBe(1);
  expect(heard[0]).toMatchObject({ topic: 'spBv1.0/works/NCMD/mill', retain: false });
  const command = reference().decodePayload(new Uint8Array(heard[0]?.payload ?? []));
  expect(command.metrics?.map(({ name, type, value }) => ({ name, type, value }))).toEqual([
    { name: 'Node Control/Rebirth', type: 'Boolean', value: true },
  ]);
  await send('works/NBIRTH/mill', 0, bdSeq(2), { name: 'Speed', alias: 3, type: 'Double', value: 2 });
  await expect(metric(page, 'Speed')).toContainText('2');
  await expect(pane(page)).toContainText(/rebirth requested/);
});

test('guards hold for a rebirth: none on a read-only connection, held on a production one', async ({
  app,
}) => {
  const { page } = app;
  const heard = await other.listen('spBv1.0/guarded/NCMD/#');
  await connect(page, {
    name: 'Watched',
    port: broker.ports.mqtt,
    more: (form) => choose(form, 'Guard', 'Read-only: nothing is published'),
  });
  await subscribe(page, 'spBv1.0/guarded/#');
  await send('guarded/NBIRTH/n', 0, bdSeq(1));
  await show(page);
  await row(page, 'n').click();
  await expect(pane(page)).toContainText('Read-only: no rebirth can be requested.');
  await expect(pane(page).getByRole('button', { name: 'Request rebirth' })).toHaveCount(0);

  await connect(page, {
    name: 'Live',
    port: broker.ports.mqtt,
    more: (form) => choose(form, 'Guard', 'Production: each publish is held'),
  });
  await subscribe(page, 'spBv1.0/guarded/#');
  await send('guarded/NBIRTH/n', 0, bdSeq(1));
  await show(page);
  await row(page, 'n').click();
  const button = pane(page).getByRole('button', { name: 'Request rebirth' });
  await button.click();
  await button.click({ delay: 1300 });
  await expect.poll(() => heard.filter(({ topic }) => topic === 'spBv1.0/guarded/NCMD/n').length).toBe(1);
});
