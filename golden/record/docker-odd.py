"""Writes packets that no stack sends: docker-odd.py OUT-FILE container|vm|gateway"""
import struct, sys
C1, C2, GATE, EXT, FAR, HOST = '172.17.0.2', '172.17.0.3', '172.17.0.1', '192.168.56.1', '10.9.0.2', '192.168.56.10'
ME, PORT = '02:42:ac:11:00:02', '02:42:ac:11:00:01'
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
frames = []


def four(a):
    return bytes(int(x) for x in a.split('.'))


def total(b):
    b += b'\0' * (len(b) % 2)
    s = sum(struct.unpack(f'>{len(b) // 2}H', b))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return 0xffff - s


def ip(to, protocol, body, source=C1, ttl=64, options=b'', flags=0, offset=0, wrong=0, longer=0, version=4):
    words = 5 + len(options) // 4
    h = struct.pack('>BBHHHBBH4s4s', version << 4 | words, 0, words * 4 + len(body) + longer, 4000 + len(frames), flags << 13 | offset // 8, ttl,
                    protocol, 0, four(source), four(to)) + options
    return h[:10] + struct.pack('>H', total(h) ^ wrong) + h[12:] + body


def tcp(to, port, flags, sport=40020, source=C1, seq=1000, ack=0, options=b'', wrong=0, data=b'', words=None):
    b = struct.pack('>HHIIBBHHH', sport, port, seq, ack, (words or 5 + len(options) // 4) << 4, flags, 1024, 0, 0) + options + data
    c = total(four(source) + four(to) + struct.pack('>HH', 6, len(b)) + b) ^ wrong
    return b[:16] + struct.pack('>H', c) + b[18:]


def udp(to, port, sport=40020, source=C1, data=b'odd', wrong=0, none=False, longer=0):
    b = struct.pack('>HHHH', sport, port, 8 + len(data) + longer, 0) + data
    c = 0 if none else total(four(source) + four(to) + struct.pack('>HH', 17, len(b)) + b) ^ wrong
    return b[:6] + struct.pack('>H', c) + b[8:]


def icmp(kind, code, rest, wrong=0):
    b = struct.pack('>BBH', kind, code, 0) + rest
    return b[:2] + struct.pack('>H', total(b) ^ wrong) + b[4:]


def send(packet, source=ME, to=PORT, kind=0x0800):
    eth = bytes.fromhex(to.replace(':', '') + source.replace(':', '')) + struct.pack('>H', kind)
    frames.append((eth + packet).ljust(60, b'\0'))


def container():
    echo = icmp(8, 0, struct.pack('>HH', 77, 1) + b'spoofed ' * 4)
    send(ip(EXT, 17, udp(EXT, 9)), source='02:42:ac:11:00:99')              # another MAC
    send(ip(EXT, 1, echo, source='10.66.6.6'), )                            # nobody's address
    send(ip(EXT, 1, echo, source=C2))                                       # the neighbour's address
    send(ip(EXT, 17, udp(EXT, 9, source=GATE), source=GATE))                # the host's own address
    send(ip(EXT, 6, tcp(EXT, 99, ACK, ack=5)))                              # in the midst of a connection
    for i, flags in enumerate((RST, SYN | FIN, 0, FIN, SYN | ACK, SYN | RST, FIN | PSH | 32, RST | ACK)):
        send(ip(EXT, 6, tcp(EXT, 99, flags, sport=40030 + i)))
    send(ip(EXT, 1, icmp(0, 0, struct.pack('>HH', 99, 1) + b'nobody asked')))
    send(ip(EXT, 1, icmp(3, 3, b'\0' * 4 + ip(C1, 17, udp(C1, 5, source=EXT), source=EXT))))
    send(ip(EXT, 1, icmp(13, 0, b'\0' * 16)))                               # timestamp
    send(ip(EXT, 1, icmp(42, 0, b'\0' * 16)))
    send(ip(EXT, 6, tcp(EXT, 99, SYN, sport=40040, wrong=1)))
    send(ip(EXT, 6, tcp(EXT, 99, SYN, sport=40041, words=4)))
    send(ip(EXT, 6, tcp(EXT, 99, SYN, sport=40042)[:12]))
    send(ip(EXT, 17, udp(EXT, 9, sport=40043, none=True)))
    send(ip(EXT, 17, udp(EXT, 9, sport=40044, wrong=1)))
    send(ip(EXT, 17, udp(EXT, 9, sport=40045, longer=9)))
    send(ip(EXT, 17, udp(EXT, 0, sport=40046)))
    send(ip(EXT, 1, icmp(8, 0, struct.pack('>HH', 78, 1), wrong=1)))
    send(ip(EXT, 6, tcp(EXT, 444, SYN, sport=40047, options=b'\2\4\5\xb4'), options=b'\1\1\1\1'))
    send(ip(EXT, 17, udp(EXT, 445, sport=40049)))
    send(ip(EXT, 17, udp(EXT, 9, sport=40050), ttl=1))
    send(ip(EXT, 6, tcp(EXT, 81, SYN, sport=40051)))                        # answered; the stack knows nothing of it
    send(ip(EXT, 6, tcp(EXT, 81, SYN, sport=40051, seq=9000)))
    send(ip(GATE, 17, udp(GATE, 9, sport=40052)), source='02:42:ac:11:00:99')
    send(ip(EXT, 17, udp(EXT, 9, sport=40053), wrong=1))
    send(ip(EXT, 17, udp(EXT, 9, sport=40054), longer=100))
    send(ip(EXT, 17, udp(EXT, 9, sport=40055), version=5))
    whole = udp(EXT, 9, sport=40056, data=b'x' * 92)
    send(ip(EXT, 17, whole[:64], flags=1))
    send(ip(EXT, 17, whole[48:], offset=48))                                # overlaps
    for protocol in (47, 50, 253):
        send(ip(EXT, protocol, b'\0\0\x08\0' + b'\1\2\3\4' * 4))
    send(b'who?', kind=0x88b5)
    send(ip('172.17.255.255', 1, echo), to='ff:ff:ff:ff:ff:ff')
    send(ip('224.0.0.5', 17, udp('224.0.0.5', 9, sport=40057), ttl=1), to='01:00:5e:00:00:05')
    send(ip(C2, 17, udp(C2, 9, sport=40058, source='10.66.6.6'), source='10.66.6.6'), to='02:42:ac:11:00:03')
    send(ip(C2, 6, tcp(C2, 99, RST, sport=40059)), to='02:42:ac:11:00:03')


def vm():
    vm1, gw, mac, to = '10.0.1.11', '10.0.1.1', 'fa:16:3e:00:00:01', 'fa:16:3e:00:00:fe'
    echo = icmp(8, 0, struct.pack('>HH', 77, 1) + b'spoofed ' * 4)
    send(ip(gw, 1, echo, source=vm1), source='fa:16:3e:00:00:99', to=to)
    send(ip(gw, 1, echo, source='10.0.1.77'), source=mac, to=to)
    send(ip(gw, 1, echo, source='10.0.1.14'), source=mac, to=to)
    send(ip('255.255.255.255', 17, udp('255.255.255.255', 67, 68, source='0.0.0.0'), source='0.0.0.0'), source=mac, to='ff:ff:ff:ff:ff:ff')
    send(ip(gw, 17, udp(gw, 68, 67, source=vm1), source=vm1), source=mac, to=to)
    send(ip(gw, 17, udp(gw, 67, 68, source=vm1), source=vm1), source=mac, to=to)
    send(ip(gw, 6, tcp(gw, 99, ACK, ack=5, source=vm1), source=vm1), source=mac, to=to)
    send(ip(gw, 6, tcp(gw, 99, RST, source=vm1, sport=40021), source=vm1), source=mac, to=to)
    send(ip(gw, 17, udp(gw, 9, source=vm1, sport=40022, wrong=1), source=vm1), source=mac, to=to)
    arp = struct.pack('>HHBBH6s4s6s4s', 1, 0x800, 6, 4, 1, bytes.fromhex('fa163e000001'), four('10.0.1.14'), b'\0' * 6, four(gw))
    send(arp, source=mac, to='ff:ff:ff:ff:ff:ff', kind=0x806)


def gateway():
    vm1, gw, mac, to = '10.0.1.11', '10.0.1.1', 'fa:16:3e:00:00:fe', 'fa:16:3e:00:00:01'
    for i, flags in enumerate((SYN | ACK, RST, SYN | FIN, ACK, 0)):
        send(ip(vm1, 6, tcp(vm1, 80, flags, sport=40030 + i, source=gw), source=gw), source=mac, to=to)
    send(ip(vm1, 1, icmp(0, 0, struct.pack('>HH', 99, 1) + b'nobody asked'), source=gw), source=mac, to=to)
    send(ip(vm1, 1, icmp(3, 3, b'\0' * 4 + ip(gw, 17, udp(gw, 5, source=vm1), source=vm1)), source=gw), source=mac, to=to)
    send(ip(vm1, 17, udp(vm1, 5001, sport=40040, source=gw), source=gw), source=mac, to=to)
    send(ip(vm1, 17, udp(vm1, 5002, sport=40041, source=gw), source=gw), source=mac, to=to)
    send(ip(vm1, 17, udp(vm1, 5001, sport=40042, source=gw, none=True), source=gw), source=mac, to=to)
    send(ip(vm1, 47, b'\0\0\x08\0', source=gw), source=mac, to=to)


globals()[sys.argv[2]]()
with open(sys.argv[1], 'wb') as out:
    out.write(struct.pack('<IHHiIII', 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
    for i, f in enumerate(frames):
        out.write(struct.pack('<IIII', i * 70 // 1000, i * 70 % 1000 * 10 ** 6, len(f), len(f)) + f)
