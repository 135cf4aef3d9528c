"""A stand-in for MicroPython's umqtt.simple under Python 3, for tests: the same calls, MQTT 3.1.1 over a socket."""

import select
import socket
import struct


class MQTTException(Exception):
    pass


class MQTTClient:
    def __init__(self, client_id, server, port=0, user=None, password=None, keepalive=0, ssl=None):
        self.client_id = client_id
        self.server = server
        self.port = port
        self.user = user
        self.password = password
        self.keepalive = keepalive
        self.ssl = ssl
        self.will = None
        self.callback = None
        self.packet = 0

    def set_callback(self, callback):
        self.callback = callback

    def set_last_will(self, topic, msg, retain=False, qos=0):
        assert 0 <= qos <= 2 and topic
        self.will = (topic, msg, retain, qos)

    def connect(self, clean_session=True):
        self.sock = socket.create_connection((self.server, self.port))
        if self.ssl is not None:
            self.sock = self.ssl.wrap_socket(self.sock, server_hostname=self.server)
        flags = clean_session << 1
        body = b""
        if self.will is not None:
            topic, msg, retain, qos = self.will
            flags |= 0x04 | qos << 3 | retain << 5
            body += self._text(topic) + self._text(msg)
        if self.user:
            flags |= 0xC0
            body += self._text(self.user) + self._text(self.password)
        head = b"\x00\x04MQTT\x04" + bytes([flags]) + struct.pack("!H", self.keepalive)
        self._send(0x10, head + self._text(self.client_id) + body)
        _, answer = self._receive()
        if answer[1] != 0:
            raise MQTTException(answer[1])

    def disconnect(self):
        self._send(0xE0, b"")
        self.sock.close()

    def publish(self, topic, msg, retain=False, qos=0):
        assert qos in (0, 1)
        body = self._text(topic)
        if qos == 1:
            self.packet += 1
            body += struct.pack("!H", self.packet)
        self._send(0x30 | qos << 1 | retain, body + msg)
        if qos == 1:
            assert self._receive()[0] & 0xF0 == 0x40

    def subscribe(self, topic, qos=0):
        assert self.callback is not None
        self.packet += 1
        self._send(0x82, struct.pack("!H", self.packet) + self._text(topic) + bytes([qos]))
        while self._receive()[0] & 0xF0 != 0x90:
            pass

    def ping(self):
        self._send(0xC0, b"")

    def check_msg(self):
        pending = self.ssl is not None and self.sock.pending() > 0
        if pending or select.select([self.sock], [], [], 0)[0]:
            self.wait_msg()

    def wait_msg(self):
        kind, body = self._receive()
        if kind & 0xF0 == 0x30:
            size = struct.unpack("!H", body[:2])[0]
            at = 2 + size
            if kind & 0x06:
                self._send(0x40, body[at : at + 2])
                at += 2
            self.callback(body[2 : 2 + size], body[at:])

    def _text(self, value):
        # As there: the length of a text is that of its characters, whatever bytes they take.
        return struct.pack("!H", len(value)) + (value.encode() if isinstance(value, str) else value)

    def _send(self, kind, body):
        size = len(body)
        head = bytes([kind])
        while True:
            byte = size & 0x7F
            size >>= 7
            head += bytes([byte | (0x80 if size else 0)])
            if not size:
                break
        self.sock.sendall(head + body)

    def _receive(self):
        kind = self._read(1)[0]
        size = shift = 0
        while True:
            byte = self._read(1)[0]
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return kind, self._read(size)

    def _read(self, count):
        data = b""
        while len(data) < count:
            piece = self.sock.recv(count - len(data))
            if not piece:
                raise OSError("closed")
            data += piece
        return data
