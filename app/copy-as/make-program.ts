import { fail } from '../contract/failure.ts';
import { arduinoSketch } from './arduino.ts';
import { microPythonProgram } from './micropython.ts';
import { MAX_ARGUMENT, mosquittoCommand } from './mosquitto.ts';
import { mqttJsProgram } from './mqttjs.ts';
import { pahoProgram } from './paho.ts';
import { MAX_PROGRAM_PAYLOAD, type Program, type ProgramTarget, type ProgramTask } from './program.ts';

const makers: Readonly<Record<ProgramTarget, readonly [(task: ProgramTask) => string, string]>> = {
  mosquitto: [mosquittoCommand, 'mqtt.sh'],
  mqttjs: [mqttJsProgram, 'mqtt-client.mjs'],
  paho: [pahoProgram, 'mqtt_client.py'],
  arduino: [arduinoSketch, 'mqtt_client.ino'],
  micropython: [microPythonProgram, 'main.py'],
};

/** Writes a program for a task. Throws `copy.tooLarge` where its payload has no place in code. */
export function makeProgram(target: ProgramTarget, task: ProgramTask): Program {
  const size = task.message?.payload.length ?? 0;
  const most = target === 'mosquitto' ? MAX_ARGUMENT : MAX_PROGRAM_PAYLOAD;
  if (size > most) {
    throw fail(
      'copy.tooLarge',
      target === 'mosquitto'
        ? 'This payload is too large for a command line.'
        : 'This payload is too large for the text of a program.',
      'Export it as a raw file, and have the program read that.',
    );
  }
  const [make, fileName] = makers[target];
  return { target, fileName, code: make(task) };
}
