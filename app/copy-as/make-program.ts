import { fail } from '../contract/failure.ts';
import { arduinoSketch } from './arduino.ts';
import { microPythonProgram } from './micropython.ts';
import { mosquittoCommand } from './mosquitto.ts';
import { mqttJsProgram } from './mqttjs.ts';
import { pahoProgram } from './paho.ts';
import { MAX_ARGUMENT } from './posix-shell.ts';
import {
  MAX_PROGRAM_PAYLOAD,
  type Program,
  type ProgramTarget,
  type ProgramTask,
  type ShellName,
} from './program.ts';

type Language = Exclude<ProgramTarget, 'mosquitto'>;

const makers: Readonly<Record<Language, readonly [(task: ProgramTask) => string, string]>> = {
  mqttjs: [mqttJsProgram, 'mqtt-client.mjs'],
  paho: [pahoProgram, 'mqtt_client.py'],
  arduino: [arduinoSketch, 'mqtt_client.ino'],
  micropython: [microPythonProgram, 'main.py'],
};
const scriptNames: Readonly<Record<ShellName, string>> = {
  sh: 'mqtt.sh',
  powershell: 'mqtt.ps1',
  cmd: 'mqtt.cmd',
};

/**
 * Writes a program for a task; a command line for a shell. Throws `copy.tooLarge` where its payload has no place in code.
 */
export function makeProgram(target: ProgramTarget, task: ProgramTask, shell: ShellName = 'sh'): Program {
  const size = task.message?.payload.length ?? 0;
  const isLine = target === 'mosquitto' && shell === 'sh';
  if (size > (isLine ? MAX_ARGUMENT : MAX_PROGRAM_PAYLOAD)) {
    throw fail(
      'copy.tooLarge',
      isLine
        ? 'This payload is too large for a command line.'
        : 'This payload is too large for the text of a program.',
      'Export it as a raw file, and have the program read that.',
    );
  }
  if (target === 'mosquitto') {
    return { target, shell, fileName: scriptNames[shell], code: mosquittoCommand(task, shell) };
  }
  const [make, fileName] = makers[target];
  return { target, fileName, code: make(task) };
}
