// What generated sketches use of the Wi-Fi library, for the tests. Not the library's own header.
#pragma once
#include "Arduino.h"

#define WL_CONNECTED 3

class Client {};
class WiFiClient : public Client {};

struct WiFiStation {
  void begin(const char *name, const char *password);
  int status();
};
extern WiFiStation WiFi;
