// What generated sketches use of Arduino's core, for a compiler's syntax pass in the tests. Not Arduino's own header.
#pragma once
#include <cstddef>
#include <cstdint>

#define HEX 16

class String {
public:
  String(const char *text);
  String(long value, unsigned char base);
  const char *c_str() const;
};
String operator+(const char *left, const String &right);

struct SerialPort {
  void begin(unsigned long baud);
  void print(const char *text);
  void println();
  void println(int value);
  size_t write(const uint8_t *data, size_t length);
};
extern SerialPort Serial;

void delay(unsigned long milliseconds);
unsigned long millis();
long random(long bound);
void setup();
void loop();
