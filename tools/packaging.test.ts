import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { icnsFile, icoFile } from './icon-files.ts';
import { projectRoot } from './run.ts';

const read = (...names: string[]) => readFileSync(join(projectRoot, ...names));
const config: Record<string, unknown> = parse(read('electron-builder.yml').toString());

describe('electron-builder.yml', () => {
  const schema = JSON.parse(read('node_modules', 'app-builder-lib', 'scheme.json').toString());
  const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);

  it('is valid by electron-builder’s own schema, which knows every key', () => {
    validate(config);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...config, electronFuzes: {} })).toBe(false);
    expect(validate({ ...config, electronFuses: { runAsNode: 'no' } })).toBe(false);
  });

  it('closes every fuse, and forgets none', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    // All that this version of electron-builder can set, but the switch that is about signing.
    const known = Object.keys(schema.definitions.FuseOptionsV1.properties);
    expect(known.filter((name) => name !== 'resetAdHocDarwinSignature').sort()).toEqual(
      Object.keys(config.electronFuses as object).sort(),
    );
    expect(config.asar).toBe(true);
  });

  it('names every kind of package for both architectures', () => {
    const targets = (platform: string) =>
      (config[platform] as { target: { target: string; arch: string[] }[] }).target.map(
        ({ target, arch }) => [target, ...arch],
      );
    const both = (...kinds: string[]) => kinds.map((kind) => [kind, 'x64', 'arm64']);
    expect(targets('win')).toEqual(both('nsis', 'portable'));
    expect(targets('mac')).toEqual(both('dmg', 'zip'));
    expect(targets('linux')).toEqual(both('AppImage', 'deb', 'rpm'));
  });

  it('gives each package a file name of its own', () => {
    const names = [
      config.artifactName,
      (config.nsis as Record<string, unknown>).artifactName,
      (config.portable as Record<string, unknown>).artifactName,
    ];
    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => /\$\{arch\}/.test(String(name)))).toBe(true);
  });

  it('hardens the macOS app and loosens only what V8 needs', () => {
    expect(config.mac).toMatchObject({
      hardenedRuntime: true,
      entitlements: 'assets/entitlements.mac.plist',
    });
    const keys = [
      ...read('assets', 'entitlements.mac.plist')
        .toString()
        .matchAll(/<key>(.*?)<\/key>/g),
    ];
    expect(keys.map(([, key]) => key)).toEqual(['com.apple.security.cs.allow-jit']);
  });
});

describe('icons', () => {
  const pngSize = (png: Buffer) => {
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    return [png.readUInt32BE(16), png.readUInt32BE(20)];
  };

  it('hold PNG images of the size that they name', () => {
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
      expect(pngSize(read('assets', 'icons', `${size}x${size}.png`))).toEqual([size, size]);
    }
    const ico = read('assets', 'icon.ico');
    const count = ico.readUInt16LE(4);
    const sizes = Array.from({ length: count }, (_, index) => {
      const entry = 6 + 16 * index;
      const start = ico.readUInt32LE(entry + 12);
      const [width] = pngSize(ico.subarray(start, start + ico.readUInt32LE(entry + 8)));
      expect((ico[entry] ?? 0) || 256).toBe(width);
      return width;
    });
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256]);
    const icns = read('assets', 'icon.icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const types: string[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      types.push(icns.toString('latin1', at, at + 4));
      pngSize(icns.subarray(at + 8));
    }
    expect(types).toContain('ic10');
    expect(types).toHaveLength(10);
  });

  it('are written as the formats ask', () => {
    const png = new Uint8Array([1, 2, 3]);
    expect([...icoFile([{ size: 256, png }])]).toEqual([
      0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 32, 0, 3, 0, 0, 0, 22, 0, 0, 0, 1, 2, 3,
    ]);
    expect(icnsFile([{ size: 1024, png }]).toString('latin1')).toBe(
      'icns\0\0\0\x13ic10\0\0\0\x0b\x01\x02\x03',
    );
  });
});

/** Paths of the files in an asar: a pickle of the header's length, then the header as JSON. */
function filesInAsar(path: string): readonly string[] {
  interface Entry {
    readonly files?: Readonly<Record<string, Entry>>;
  }
  const archive = readFileSync(path);
  const header: Entry = JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12)));
  const walk = (entry: Entry, prefix: string): string[] =>
    entry.files === undefined
      ? [prefix]
      : Object.entries(entry.files).flatMap(([name, child]) =>
          walk(child, prefix === '' ? name : `${prefix}/${name}`),
        );
  return walk(header, '').sort();
}

/**
 * Packs over a folder that stands in for Electron, a STUB: real binaries can't be had on every machine. It shows
 * which files go in and where. It does not show that the packed app starts, nor its fuses: flipping those needs the
 * real binary, so they are switched off here, and only here.
 */
describe('packing over a stub of Electron', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'topicscope-pack-'));
    const write = (path: string, text = path) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    for (const name of ['package.json', 'package-lock.json', 'electron-builder.yml']) {
      cpSync(join(projectRoot, name), join(root, name));
    }
    cpSync(join(projectRoot, 'assets'), join(root, 'assets'), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    for (const path of [
      'dist/main/desktop.js',
      'dist/main/server.js',
      'dist/main/session-worker.js',
      'dist/main/readers-worker.js',
      'dist/main/desktop.js.map',
      'dist/preload/preload.cjs',
      'dist/renderer/index.html',
      'dist/renderer/assets/index-AbCd1234.js',
      'dist/renderer/assets/index-AbCd1234.js.map',
      'app/base/assert.ts',
      'main/server/index.ts',
      'e2e/some.spec.ts',
      '.env',
      'vault.key',
    ]) {
      write(path);
    }
    for (const path of ['electron', 'LICENSE', 'locales/en-US.pak', 'locales/de.pak']) {
      write(`electron-stub/${path}`, 'a stub');
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('takes the bundles and nothing else', async () => {
    await build({
      projectDir: root,
      publish: 'never',
      targets: Platform.LINUX.createTarget('dir'),
      config: {
        extends: join(root, 'electron-builder.yml'),
        electronDist: join(root, 'electron-stub'),
        electronFuses: null,
      },
    });
    const folders = ['linux-unpacked', 'linux-arm64-unpacked'].map((name) => join(root, 'out', name));
    const folder = folders.find((path) => existsSync(path)) ?? '';
    expect(filesInAsar(join(folder, 'resources', 'app.asar'))).toEqual([
      'dist/main/desktop.js',
      'dist/main/readers-worker.js',
      'dist/main/server.js',
      'dist/main/session-worker.js',
      'dist/preload/preload.cjs',
      'dist/renderer/assets/index-AbCd1234.js',
      'dist/renderer/index.html',
      'package.json',
    ]);
    expect(readFileSync(join(folder, 'topicscope'), 'utf8')).toBe('a stub');
    expect(statSync(join(folder, 'locales', 'en-US.pak')).isFile()).toBe(true);
    expect(existsSync(join(folder, 'locales', 'de.pak'))).toBe(false);
    expect(existsSync(join(folder, 'resources', 'app.asar.unpacked'))).toBe(false);
  }, 60_000);
});
