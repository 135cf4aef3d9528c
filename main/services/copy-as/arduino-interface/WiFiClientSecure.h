// What generated sketches use of the TLS client, for the tests. Not the library's own header.
#pragma once
#include "WiFi.h"

class WiFiClientSecure : public WiFiClient {
public:
  void setCACert(const char *pem);
  void setCertificate(const char *pem);
  void setPrivateKey(const char *pem);
  void setInsecure();
};
