/** One message of the demo plant. */
export interface PlantMessage {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly retain?: boolean;
  readonly qos?: 0 | 1;
}

/** Something that publishes at an interval, in milliseconds. `sample` gets seconds since the start. */
export interface PlantSource {
  readonly every: number;
  sample(seconds: number): readonly PlantMessage[];
}

const round = (value: number, digits: number) => value.toFixed(digits);
const wave = (seconds: number, period: number, middle: number, swing: number) =>
  middle + swing * Math.sin((2 * Math.PI * seconds) / period);
const noise = (swing: number) => (Math.random() - 0.5) * 2 * swing;

function filler(line: number): PlantSource {
  let bottles = 18_400 * line;
  return {
    every: 1000,
    sample(seconds) {
      const speed = Math.max(0, wave(seconds, 90, 310, 25) + noise(4));
      bottles += Math.round(speed / 60);
      const state = speed < 290 ? 'slow' : 'running';
      return [
        {
          topic: `plant/line${line}/filler/telemetry`,
          payload: `{"ts":"${new Date().toISOString()}","temp":${round(wave(seconds, 60, 21.5, 0.8) + noise(0.1), 1)},"pressure":${round(3.2 + noise(0.05), 2)},"speed":${round(speed, 0)},"bottles":${bottles},"state":"${state}"}`,
        },
      ];
    },
  };
}

function capper(line: number): PlantSource {
  return {
    every: 2000,
    sample: (seconds) => [
      {
        topic: `plant/line${line}/capper/torque`,
        payload: `{"unit":"Nm","value":${round(wave(seconds, 30, 1.8, 0.15) + noise(0.03), 3)},"limits":{"low":1.4,"high":2.2}}`,
      },
    ],
  };
}

const meters: PlantSource = {
  every: 1000,
  sample: (seconds) =>
    ['press', 'ovens', 'cooling', 'lighting'].map((name, index) => ({
      topic: `plant/energy/${name}/power`,
      payload: round(wave(seconds, 120 + index * 40, 1500 + index * 400, 220) + noise(30), 1),
    })),
};

const weather: PlantSource = {
  every: 5000,
  sample: (seconds) => [
    {
      topic: 'plant/weather',
      retain: true,
      payload: `<?xml version="1.0" encoding="UTF-8"?><observation station="roof" time="${new Date().toISOString()}"><temperature unit="C">${round(wave(seconds, 600, 11, 3), 1)}</temperature><humidity unit="%">${round(68 + noise(2), 0)}</humidity><wind><speed unit="m/s">${round(5 + noise(1.5), 1)}</speed><direction>SW</direction></wind></observation>`,
    },
  ],
};

/** A frame of a thermal camera: magic, width, height, then 16-bit temperatures in hundredths of a kelvin. */
const camera: PlantSource = {
  every: 2000,
  sample(seconds) {
    const frame = new DataView(new ArrayBuffer(8 + 16 * 12 * 2));
    frame.setUint32(0, 0x54_48_52_4d);
    frame.setUint16(4, 16);
    frame.setUint16(6, 12);
    for (let pixel = 0; pixel < 16 * 12; pixel++) {
      frame.setUint16(
        8 + pixel * 2,
        Math.round(29_500 + 400 * Math.sin(seconds / 5 + pixel / 9) + noise(20)),
      );
    }
    return [{ topic: 'plant/camera1/thermal', payload: new Uint8Array(frame.buffer) }];
  },
};

const remarks = [
  'batch 4711 accepted',
  'door 3 opened',
  'door 3 closed',
  'fork lift 2 charging',
  'shift handover done',
];
const log: PlantSource = {
  every: 4000,
  sample: () => [
    {
      topic: 'plant/log',
      payload: `${new Date().toLocaleTimeString('en-GB')} ${remarks[Math.floor(Math.random() * remarks.length)]}`,
    },
  ],
};

const home: PlantSource = {
  every: 3000,
  sample: (seconds) => [
    { topic: '/house/light', payload: Math.floor(seconds / 15) % 2 === 0 ? 'ON' : 'OFF' },
    { topic: '/greenhouse/temperature', payload: round(wave(seconds, 200, 24, 2), 1) },
    { topic: '/greenhouse/humidity', payload: round(71 + noise(2), 0) },
  ],
};

/** Vibration is quiet most of the time and comes in bursts of 200 messages. */
const vibration: PlantSource = {
  every: 20_000,
  sample: (seconds) =>
    Array.from({ length: 200 }, (_, index) => ({
      topic: `plant/line1/vibration/axis${(index % 3) + 1}`,
      payload: `{"n":${index},"g":${round(wave(seconds + index / 40, 1, 0, 0.6) + noise(0.1), 4)}}`,
    })),
};

/** What publishes by itself, all the time. */
export const plantSources: readonly PlantSource[] = [
  filler(1),
  filler(2),
  capper(1),
  capper(2),
  meters,
  weather,
  camera,
  log,
  home,
  vibration,
];

/** What is retained from the start. */
export const retainedMessages: readonly PlantMessage[] = [
  {
    topic: 'plant/info',
    retain: true,
    payload:
      '{"name":"Demo plant","lines":2,"site":"Copenhagen","serial":12345678901234567890,"scale":127.0}',
  },
  { topic: 'plant/line1/valve/state', retain: true, payload: '{"open":false}' },
  { topic: 'plant/line2/valve/state', retain: true, payload: '{"open":true}' },
  { topic: 'plant//spare', retain: true, payload: 'This topic has an empty segment.' },
];

/** `x/set` is answered by `x/state` with the same payload, retained. */
export const SET_SUFFIX = '/set';
export const STATE_SUFFIX = '/state';
