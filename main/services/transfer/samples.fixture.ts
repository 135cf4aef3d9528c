/**
 * Sample files of other tools, written from the published structure of their formats: ConnectionOptions.ts of MQTT
 * Explorer, ConnectionModel of MQTTX, the XML schemas of mqtt-spy; of MQTT.fx from what importers read.
 */
export const samplePem = `-----BEGIN CERTIFICATE-----\n${Buffer.from('not a real one').toString('base64')}\n-----END CERTIFICATE-----\n`;

const base64 = (text: string) => Buffer.from(text).toString('base64');

export const mqttExplorerSample = {
  ConnectionManager_connections: {
    'plant-1': {
      configVersion: 1,
      type: 'mqtt',
      id: 'plant-1',
      name: 'Plant',
      host: 'broker.plant.example',
      protocol: 'ws',
      basePath: 'mqtt/ws',
      port: 9443,
      username: 'ada',
      password: 'päss',
      encryption: true,
      certValidation: false,
      selfSignedCertificate: { name: 'plant-ca.crt', data: base64(samplePem) },
      clientCertificate: { name: 'ada.crt', data: base64(samplePem) },
      clientKey: { name: 'ada.key', data: base64('a key') },
      clientId: 'explorer-ada',
      subscriptions: [
        { topic: 'plant/#', qos: 1 },
        { topic: '$SYS/#', qos: 0 },
        { topic: 'bad/#/filter', qos: 0 },
      ],
      order: 1,
    },
    old: {
      id: 'old',
      type: 'mqtt',
      name: 'Before version 1',
      host: 'old.example',
      protocol: 'mqtt',
      port: 1883,
      encryption: false,
      certValidation: true,
      clientId: '',
      subscriptions: ['#'],
    },
  },
  Settings: { theme: 'dark' },
};

export const mqttxSample = [
  { id: 'f1', name: 'Factory', isCollection: true, orderId: 1, parentId: null },
  { id: 'f2', name: 'Line/A', isCollection: true, orderId: 1, parentId: 'f1' },
  {
    id: 'c1',
    clientId: 'mqttx_1',
    name: 'Line A',
    clean: false,
    protocol: 'mqtts',
    host: 'line.example',
    port: 8883,
    keepalive: 30,
    connectTimeout: 10,
    reconnect: true,
    username: 'bob',
    password: 'secret',
    path: '/mqtt',
    certType: 'self',
    ssl: true,
    rejectUnauthorized: true,
    ca: 'C:\\certs\\line-ca.crt',
    cert: '/home/bob/bob.crt',
    key: '/home/bob/bob.key',
    mqttVersion: '5.0',
    unreadMessageCount: 0,
    clientIdWithTime: true,
    parentId: 'f2',
    isCollection: false,
    messages: [{ id: 'm', topic: 'a', payload: 'b', qos: 0, retain: false, out: true, createAt: '' }],
    subscriptions: [
      { topic: 'line/+', qos: 2, nl: true, rap: false, rh: 1, color: '#34C388', alias: 'all lines' },
      { topic: 'a,b', qos: 0, disabled: true },
    ],
    properties: {
      sessionExpiryInterval: 3600,
      receiveMaximum: 10,
      topicAliasMaximum: 5,
      userProperties: { site: 'A', tag: ['x', 'y'] },
    },
    will: {
      lastWillTopic: 'line/gone',
      lastWillPayload: 'yes',
      lastWillQos: 1,
      lastWillRetain: true,
      properties: { willDelayInterval: 5, contentType: 'text/plain' },
    },
  },
  {
    clientId: 'mqttx_0',
    name: 'Old release',
    clean: true,
    host: 'old.example',
    port: 8883,
    keepalive: 60,
    connectTimeout: 4000,
    reconnect: false,
    username: '',
    password: '',
    path: '',
    certType: 'server',
    ssl: true,
    ca: '/left/over.crt',
    cert: '',
    key: '',
    mqttVersion: '5.0',
    sessionExpiryInterval: 60,
    messages: [],
    subscriptions: [],
  },
];

export const mqttFxSample = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<configuration>
  <version>1.7.1</version>
  <connectionProfiles>
    <connectionProfile>
      <profileName>M2M &amp; more</profileName>
      <brokerAddress>fx.example</brokerAddress>
      <brokerPort>8883</brokerPort>
      <connectionOptions>
        <clientId>MQTT_FX_Client</clientId>
        <userName>carol</userName>
        <password>fx-secret</password>
        <connectionTimeout>30</connectionTimeout>
        <keepAliveInterval>45</keepAliveInterval>
        <cleanSession>false</cleanSession>
        <mqttVersion>MQTT_3_1</mqttVersion>
        <useSSL>true</useSSL>
        <caFile>/opt/fx/line-ca.crt</caFile>
        <clientCertificateFile/>
        <clientKeyFile/>
        <maxInflight>10</maxInflight>
        <lastWillTopic>fx/gone</lastWillTopic>
        <lastWillMessage>bye</lastWillMessage>
        <lastWillQos>2</lastWillQos>
        <lastWillRetained>true</lastWillRetained>
        <proxy><enabled>true</enabled><host>proxy.example</host><port>3128</port><password>pp</password></proxy>
      </connectionOptions>
      <preDefinedMessages><message><name>on</name><topic><name>a</name></topic><payload>1</payload></message></preDefinedMessages>
      <recentPublishTopics><topic>a</topic></recentPublishTopics>
      <recentSubscriptionTopics>
        <topic><name>fx/#</name><color>0xcc3333ff</color></topic>
      </recentSubscriptionTopics>
    </connectionProfile>
    <connectionProfile>
      <profileName>plain</profileName>
      <brokerAddress>tcp://plain.example</brokerAddress>
      <brokerPort>1884</brokerPort>
    </connectionProfile>
  </connectionProfiles>
</configuration>`;

export const mqttSpySample = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<ns2:MqttSpyConfiguration xmlns:ns2="http://baczkowicz.pl/mqtt-spy-configuration">
  <ConnectionGroups><ID>root</ID><Name>All connections</Name><Subgroups><Reference>g1</Reference></Subgroups></ConnectionGroups>
  <ConnectionGroups><ID>g1</ID><Name>Tests</Name><Connections><Reference>c1</Reference></Connections></ConnectionGroups>
  <Connectivity>
    <ConnectionV2>
      <ID>c1</ID>
      <Name>spy</Name>
      <Protocol>MQTT 3.1</Protocol>
      <ServerURI>ssl://spy.example:8884</ServerURI>
      <ServerURI>ssl://spare.example:8884</ServerURI>
      <WebSocket>false</WebSocket>
      <ClientID>spy-1</ClientID>
      <UserCredentials><Username>dan</Username><Password>${base64('spy-pass')}</Password></UserCredentials>
      <LastWillAndTestament topic="spy/gone" qos="1" retained="true">bye</LastWillAndTestament>
      <CleanSession>false</CleanSession>
      <ConnectionTimeout>20</ConnectionTimeout>
      <KeepAliveInterval>15</KeepAliveInterval>
      <SSL>
        <Mode>SERVER_AND_CLIENT</Mode>
        <Protocol>TLSv1.2</Protocol>
        <CertificateAuthorityFile>/opt/line-ca.crt</CertificateAuthorityFile>
        <ClientCertificateFile>/opt/dan.crt</ClientCertificateFile>
        <ClientKeyFile>/opt/dan.key</ClientKeyFile>
        <ClientKeyPassword>key-pass</ClientKeyPassword>
      </SSL>
      <ReconnectionSettings><RetryInterval>5000</RetryInterval><Resubscribe>true</Resubscribe></ReconnectionSettings>
      <Publication topic="x"/>
      <Subscription topic="spy/#" qos="2" createTab="true"/>
      <UserAuthentication><AskForUsername>false</AskForUsername><AskForPassword>true</AskForPassword></UserAuthentication>
      <AutoConnect>true</AutoConnect>
      <AutoSubscribe>true</AutoSubscribe>
      <MaxMessagesStored>5000</MaxMessagesStored>
    </ConnectionV2>
    <ConnectionV2>
      <ID>c2</ID>
      <ServerURI>web.example</ServerURI>
      <WebSocket>true</WebSocket>
      <ClientID>web</ClientID>
      <Subscription topic="web/#"/>
    </ConnectionV2>
  </Connectivity>
</ns2:MqttSpyConfiguration>`;

/** A file as it is dropped. */
export function dropped(name: string, content: unknown): { name: string; bytes: Uint8Array } {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { name, bytes: new TextEncoder().encode(text) };
}
