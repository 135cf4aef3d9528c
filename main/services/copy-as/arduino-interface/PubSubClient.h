// The interface of PubSubClient 2.8 as generated sketches use it, for the tests. Not the library's own header.
#pragma once
#include "WiFi.h"

class PubSubClient {
public:
  explicit PubSubClient(Client &client);
  PubSubClient &setServer(const char *host, uint16_t port);
  PubSubClient &setCallback(void (*callback)(char *topic, uint8_t *payload, unsigned int length));
  PubSubClient &setKeepAlive(uint16_t seconds);
  bool setBufferSize(uint16_t size);
  bool connect(const char *id, const char *user, const char *password, const char *willTopic, uint8_t willQos,
               bool willRetain, const char *willMessage, bool cleanSession);
  bool publish(const char *topic, const uint8_t *payload, unsigned int length, bool retained);
  bool subscribe(const char *topic, uint8_t qos);
  bool loop();
  bool connected();
  int state();
};
