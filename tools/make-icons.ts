import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { type IconImage, icnsFile, icoFile } from './icon-files.ts';
import { findBrowser } from './prerequisites.ts';
import { projectRoot } from './run.ts';

/** Makes all icon files of `assets/` from `assets/icon.svg`: `node tools/make-icons.ts` after a change of it. */
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Apple's icons leave a margin: 824 of 1024 pixels are the shape. */
const MAC_SHARE = 0.86;

const assets = join(projectRoot, 'assets');
const svg = readFileSync(join(assets, 'icon.svg'), 'utf8');
const executablePath = findBrowser();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});

async function render(share: number): Promise<IconImage[]> {
  const page = await browser.newPage();
  const images: IconImage[] = [];
  for (const size of sizes) {
    const inner = size * share;
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>html,body{margin:0;background:transparent}svg{position:absolute;inset:${(size - inner) / 2}px;width:${inner}px;height:${inner}px}</style>${svg}`,
    );
    images.push({ size, png: await page.screenshot({ omitBackground: true }) });
  }
  await page.close();
  return images;
}

const images = await render(1);
mkdirSync(join(assets, 'icons'), { recursive: true });
for (const { size, png } of images) {
  writeFileSync(join(assets, 'icons', `${size}x${size}.png`), png);
}
writeFileSync(join(assets, 'icon.ico'), icoFile(images.filter(({ size }) => size <= 256)));
writeFileSync(join(assets, 'icon.icns'), icnsFile(await render(MAC_SHARE)));
await browser.close();
