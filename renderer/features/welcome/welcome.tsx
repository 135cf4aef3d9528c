import { FileInput, FlaskConical, type LucideIcon, Plug } from 'lucide-react';
import { useId } from 'react';
import { runCommand } from '#renderer/commands/run.ts';
import { ShortcutHint } from '#renderer/ui/shortcut-hint.tsx';
import classes from './welcome.module.css';

/** A first start: what Topicscope is in one line, and the ways to begin. */
export function Welcome() {
  return (
    <section aria-label="Welcome" className={classes.page}>
      <div className={classes.column}>
        <h1 className={classes.title}>See everything that moves through an MQTT broker</h1>
        <p className={classes.lead}>
          Topicscope keeps every message it receives, byte for byte, and lets you find, read and send them.
        </p>
        <div className={classes.ways}>
          <Way
            icon={FlaskConical}
            name="Demo broker"
            text="A small plant that runs on this machine: sensors, a device that now and then dies, JSON, XML and binary topics. Nothing leaves the machine."
            onClick={() => runCommand('connection.demo')}
          />
          <Way
            icon={Plug}
            name="Set up your broker"
            text="Host, port, sign-in and certificates. You can drop certificate files onto the form."
            onClick={() => runCommand('connection.new')}
          />
          <Way
            icon={FileInput}
            name="Import from other tools"
            text="Connections of MQTT Explorer, MQTTX, MQTT.fx and mqtt-spy with their certificates, an export of Topicscope, or a mosquitto_sub command line."
            onClick={() => runCommand('connection.import')}
          />
        </div>
        <p className={classes.hint}>
          Every command is a few letters away: <ShortcutHint shortcut="mod+K" />
        </p>
      </div>
    </section>
  );
}

interface WayProps {
  readonly icon: LucideIcon;
  readonly name: string;
  readonly text: string;
  readonly onClick: () => void;
}

function Way({ icon: Icon, name, text, onClick }: WayProps) {
  const id = useId();
  return (
    <button type="button" aria-label={name} aria-describedby={id} className={classes.way} onClick={onClick}>
      <Icon size={20} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <span className={classes.name}>{name}</span>
      <span id={id} className={classes.text}>
        {text}
      </span>
    </button>
  );
}
