import { expect, type Locator, type Page } from '@playwright/test';

/**
 * The screen as its users name it: accessible roles and names only. What the journeys share, nothing clever.
 */
export const screen = {
  tree: (page: Page) => page.getByRole('tree', { name: 'Topics' }),
  /** A row of the tree by its segment; names of rows start with it. */
  topic: (page: Page, segment: string) =>
    page
      .getByRole('tree', { name: 'Topics' })
      .getByRole('treeitem', { name: new RegExp(`^${escapePattern(segment)}(\\W|$)`) }),
  message: (page: Page) => page.getByRole('region', { name: 'Message', exact: true }),
  stream: (page: Page) => page.getByRole('grid', { name: 'Messages' }),
  publish: (page: Page) => page.getByRole('region', { name: 'Publish' }),
  subscriptions: (page: Page) => page.getByRole('region', { name: 'Subscriptions' }),
  will: (page: Page) => page.getByRole('region', { name: 'Last will' }),
  status: (page: Page) => page.getByRole('status', { name: 'Connection status' }),
  ledger: (page: Page) => page.getByRole('status', { name: 'Ledger' }),
  form: (page: Page) => page.getByRole('region', { name: /^(New connection|Edit )/ }),
  tabs: (page: Page) => page.getByRole('navigation', { name: 'Connections' }),
} as const;

export interface NewConnection {
  readonly name: string;
  readonly port: number;
  readonly host?: string;
  readonly protocol?: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  readonly version?: '3.1' | '3.1.1' | '5.0';
  /** Fills more of the form before Connect is pressed. */
  readonly more?: (form: Locator) => Promise<void>;
}

/** Opens the form, fills it and connects; resolves when the connection is up. */
export async function connect(page: Page, wanted: NewConnection): Promise<void> {
  await fillForm(page, wanted);
  await screen.form(page).getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
}

export async function fillForm(page: Page, wanted: NewConnection): Promise<void> {
  await page.getByRole('button', { name: 'New connection' }).first().click();
  const form = screen.form(page);
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill(wanted.name);
  await form.getByRole('combobox', { name: 'Protocol' }).selectOption(wanted.protocol ?? 'mqtt');
  await form.getByRole('textbox', { name: 'Host' }).fill(wanted.host ?? '127.0.0.1');
  await form.getByRole('textbox', { name: 'Port' }).fill(String(wanted.port));
  await form.getByRole('combobox', { name: 'MQTT version' }).selectOption(wanted.version ?? '5.0');
  await wanted.more?.(form);
}

/** Subscribes while connected; resolves when the broker has granted it. */
export async function subscribe(page: Page, filter: string): Promise<void> {
  const pane = screen.subscriptions(page);
  await pane.getByRole('textbox', { name: 'Topic filter' }).fill(filter);
  await pane.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(pane.getByText(filter, { exact: true }).first()).toBeVisible();
  await expect(pane.getByText(/granted/i).first()).toBeVisible();
}

/** Replaces what is in a Monaco editor by typing, as a person would. */
export async function typeInto(page: Page, editor: Locator, text: string): Promise<void> {
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

/** Publishes through the composer. */
export async function publish(
  page: Page,
  topic: string,
  payload: string,
  options: { qos?: string } = {},
): Promise<void> {
  const pane = screen.publish(page);
  await pane
    .getByRole('combobox', { name: 'Topic', exact: true })
    .or(pane.getByRole('textbox', { name: 'Topic', exact: true }))
    .fill(topic);
  await page.keyboard.press('Escape');
  if (options.qos !== undefined) {
    await choose(pane, 'QoS', options.qos);
  }
  await typeInto(page, pane.getByRole('textbox', { name: /^Payload/ }), payload);
  await pane.getByRole('button', { name: 'Publish', exact: true }).click();
}

/** Takes an option of a `combobox` or of a group of `radio`s. */
export async function choose(scope: Locator, name: string, option: string): Promise<void> {
  const box = scope.getByRole('combobox', { name, exact: true });
  if ((await box.count()) > 0) {
    await box.selectOption(option);
  } else {
    await scope
      .getByRole('radiogroup', { name, exact: true })
      .getByRole('radio', { name: option, exact: true })
      .check({ force: true });
  }
}

/** The whole text that the value view shows, line by line. */
export async function valueText(page: Page): Promise<string> {
  const lines = await screen.message(page).locator('.view-line').allInnerTexts();
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

/** The numbers of the ledger; fails unless they add up. */
export async function readLedger(
  page: Page,
): Promise<Record<'received' | 'kept' | 'evicted' | 'cleared' | 'failed', number>> {
  const text = (await screen.ledger(page).innerText())
    .replaceAll(/[,\u202f\u00a0]/g, '')
    .replaceAll(/\s+/g, ' ');
  const number = (word: string) =>
    Number(
      new RegExp(`(\\d+) ${word}|${word} (\\d+)`, 'i')
        .exec(text)
        ?.slice(1)
        .find((found) => found !== undefined) ?? 0,
    );
  const ledger = {
    received: number('received'),
    kept: number('kept'),
    evicted: number('evicted'),
    cleared: number('cleared'),
    failed: number('failed'),
  };
  expect(ledger.received, text).toBe(ledger.kept + ledger.evicted + ledger.cleared + ledger.failed);
  return ledger;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
