#!/usr/bin/env python3
"""Plays the exchanges of src/test/resources/io/hopscope/protocols/tcp against the Linux kernel of this machine.

Needs root (a network namespace and a TUN device of its own):
    unshare -n python3 exchange.py [-v] [-k WORDS] FILE...
The kernel's timers tick every 4 ms or so: instants may differ by TOLERANCE or 8 %.
"""
import errno, fcntl, os, re, select, socket, struct, subprocess, sys, time

TOLERANCE = 0.016
HOST, PEER = "10.0.0.1", "10.0.0.2"
PEER_ISN = 0x7FFFFF00
LINE = re.compile(r"\+(\d+(?:\.\d+)?)(us|ms|s)?\s+(\S+)\s*(.*)")
SEGMENT = re.compile(r"([SFRP.]+)(?:\s+(-?\d+):(-?\d+)\((\d+)\))?(?:\s+ack (-?\d+))?(?:\s+win (\d+))?(?:\s+<(.*)>)?$")
BITS = {"F": 1, "S": 2, "R": 4, "P": 8, ".": 16}
SYSCTL = {"sack": "tcp_sack", "timestamps": "tcp_timestamps", "wscale": "tcp_window_scaling", "retries2": "tcp_retries2",
          "syn_retries": "tcp_syn_retries", "synack_retries": "tcp_synack_retries",
          "early_retrans": "tcp_early_retrans", "frto": "tcp_frto", "keepalive_time": "tcp_keepalive_time",
          "keepalive_intvl": "tcp_keepalive_intvl", "keepalive_probes": "tcp_keepalive_probes", "fin_timeout": "tcp_fin_timeout",
          "slow_start_after_idle": "tcp_slow_start_after_idle", "abort_on_overflow": "tcp_abort_on_overflow", "dsack": "tcp_dsack",
          "syncookies": "tcp_syncookies", "max_syn_backlog": "tcp_max_syn_backlog"}
DEFAULTS = {"tcp_sack": 1, "tcp_timestamps": 1, "tcp_window_scaling": 1, "tcp_retries2": 15, "tcp_syn_retries": 6, "tcp_synack_retries": 5, "tcp_early_retrans": 3, "tcp_frto": 2, "tcp_keepalive_time": 7200,
            "tcp_keepalive_intvl": 75, "tcp_keepalive_probes": 9, "tcp_fin_timeout": 60, "tcp_slow_start_after_idle": 1,
            "tcp_abort_on_overflow": 0, "tcp_dsack": 1, "tcp_no_metrics_save": 1, "tcp_ecn": 2, "tcp_syncookies": 1,
            "tcp_max_syn_backlog": 2048}
STATES = ["", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "UNCONN", "CLOSE-WAIT", "LAST-ACK",
          "LISTEN", "CLOSING"]


class Wrong(Exception):
    pass


class Skipped(Exception):
    pass


def pattern(offset, length):
    return bytes(((o ^ o >> 8 ^ o >> 16) & 0xFF) for o in range(offset, offset + length))


def total(data):
    if len(data) % 2:
        data += b"\0"
    s = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while s >> 16:
        s = (s & 0xFFFF) + (s >> 16)
    return s


def sysctl(name, value):
    with open("/proc/sys/net/ipv4/" + name, "w") as f:
        f.write(str(value))


class Tun:
    def __init__(self):
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.fd, 0x400454CA, struct.pack("16sH", b"tun0", 0x1001))
        subprocess.run("ip link set lo up; ip addr add 10.0.0.1/24 dev tun0; sysctl -qw net.ipv6.conf.all.disable_ipv6=1; "
                       "ip link set tun0 up mtu 1500", shell=True, check=True, stderr=subprocess.DEVNULL)

    def read(self):
        try:
            return os.read(self.fd, 65536)
        except BlockingIOError:
            return None


class Case:
    def __init__(self, tun, name, lines, verbose, number):
        self.tun, self.name, self.lines, self.verbose = tun, name, lines, verbose
        self.sent, self.start, self.line = [], 0.0, ""
        self.due = 0.0
        self.isn = None
        self.stamp = None
        # The kernel's timestamps by the instants of the script: what is echoed is what was sent, early or late.
        self.stamps = {}
        self.script = 0.0
        self.host_port, self.peer_port = 8080 + number, 40000 + number
        self.sock = self.listener = None
        self.written = self.got = 0
        self.paused = False
        self.options = []
        self.congestion = "cubic"

    def fail(self, text):
        raise Wrong("%s: %s\n    %s" % (self.name, self.line, text))

    def play(self):
        for k, v in DEFAULTS.items():
            sysctl(k, v)
        for self.line in self.lines:
            if self.line.startswith("set "):
                _, key, value = self.line.split()
                if key == "congestion":
                    self.congestion = value
                    continue
                if key not in SYSCTL:
                    raise Skipped("no sysctl for " + key)
                sysctl(SYSCTL[key], value)
                continue
            m = LINE.match(self.line)
            span = float(m[1]) * {None: 1, "s": 1, "ms": 1e-3, "us": 1e-6}[m[2]]
            if not self.start:
                self.start = time.monotonic()
            self.due += span
            self.script += span
            self.step(span, m[3], m[4].strip())
        self.line = "the end"
        self.wait(0.003)
        if self.sent:
            self.fail("more came: " + self.show(self.sent[0]))

    def wait(self, seconds):
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            select.select([self.tun.fd], [], [], max(0, left))
            self.drain()
            if left <= 0:
                return

    def drain(self):
        while True:
            packet = self.tun.read()
            if packet is None:
                return
            if packet[0] >> 4 == 4 and packet[9] == 6:
                parsed = self.parse(packet)
                if (parsed["sp"], parsed["dp"]) == (self.host_port, self.peer_port):
                    self.sent.append((time.monotonic(), parsed))

    def step(self, span, verb, rest):
        if verb == ">":
            self.expect(rest, span)
            return
        # What was expected came late: what follows is reckoned from there.
        self.wait(max(0, self.start + self.due - time.monotonic()))
        if verb == "is":
            self.examine(*(rest.split(None, 1) + [""])[:2])
            return
        if self.sent:
            self.fail("before this came " + self.show(self.sent[0]))
        if verb == "<":
            self.inject(rest)
        elif verb != "quiet":
            self.call(verb, rest.split())
        if span == 0 or verb == "<":
            self.drain()

    def apply(self, s):
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, self.congestion.encode())
        for level, name, value in self.options:
            s.setsockopt(level, name, value)

    def call(self, verb, words):
        if verb == "listen":
            self.listener = socket.socket()
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.apply(self.listener)
            self.listener.bind((HOST, self.host_port))
            self.listener.listen(int(words[0]) if words else 10)
            self.listener.setblocking(False)
        elif verb == "pause":
            self.paused = True
        elif verb == "accept":
            self.paused = False
        elif verb == "socket":
            pass
        elif verb == "connect":
            self.host_port, self.peer_port = 10000 + self.peer_port, self.host_port
            self.sock = socket.socket()
            self.apply(self.sock)
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.sock.bind((HOST, self.host_port))
            self.sock.setblocking(False)
            try:
                self.sock.connect((PEER, self.peer_port))
            except BlockingIOError:
                pass
        elif verb == "write":
            self.take()
            n = int(words[0])
            data = pattern(self.written, n)
            sent = self.sock.send(data)
            self.written += sent
            if sent != n:
                self.fail("only %d were taken" % sent)
        elif verb == "read":
            self.take()
            self.receive(int(words[0]))
        elif verb == "drain":
            raise Skipped("nobody reads at once here")
        elif verb == "shutdown":
            self.take()
            self.sock.shutdown(socket.SHUT_WR)
        elif verb == "close":
            self.take()
            self.sock.close()
        elif verb == "abort":
            self.take()
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.sock.close()
        elif verb == "unlisten":
            self.listener.close()
        elif verb == "nodelay":
            self.option(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        elif verb == "cork":
            self.option(socket.IPPROTO_TCP, socket.TCP_CORK, int(words[0]))
        elif verb == "linger":
            self.option(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, int(words[0])))
        elif verb == "keepalive":
            self.option(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        elif verb == "rcvbuf":
            self.option(socket.SOL_SOCKET, socket.SO_RCVBUF, int(words[0]))
        elif verb == "sndbuf":
            self.option(socket.SOL_SOCKET, socket.SO_SNDBUF, int(words[0]))
        elif verb == "mss":
            self.option(socket.IPPROTO_TCP, socket.TCP_MAXSEG, int(words[0]))
        elif verb == "route":
            subprocess.run(["ip", "route", "replace", PEER, "dev", "tun0", "mtu", words[0]], check=True)
        elif verb in ("mtu", "icmp"):
            self.icmp(verb, [int(w) for w in words])
        else:
            self.fail("nothing known of " + verb)

    def option(self, level, name, value):
        if self.sock is None and self.listener is not None:
            try:
                self.take()
            except Wrong:
                pass
        if self.sock is not None:
            self.sock.setsockopt(level, name, value)
        elif self.listener is not None:
            self.listener.setsockopt(level, name, value)
        else:
            self.options.append((level, name, value))

    def take(self):
        if self.sock is None:
            try:
                self.sock, _ = self.listener.accept()
            except BlockingIOError:
                self.fail("nothing to accept")
            self.sock.setblocking(False)

    def receive(self, n):
        data = self.sock.recv(n)
        if data != pattern(self.got, len(data)):
            self.fail("other bytes than were sent")
        self.got += len(data)

    def icmp(self, verb, words):
        if verb == "mtu":
            kind, code, mtu, seq = 3, 4, words[0], words[1]
        else:
            kind, code, mtu, seq = words[0], words[1], 0, words[2]
        inner = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 1500, 1, 0x4000, 64, 6, 0, socket.inet_aton(HOST), socket.inet_aton(PEER))
        inner += struct.pack("!HHI", self.host_port, self.peer_port, (self.isn + seq) & 0xFFFFFFFF)
        body = struct.pack("!BBHHH", kind, code, 0, 0, mtu) + inner
        body = body[:2] + struct.pack("!H", ~total(body) & 0xFFFF) + body[4:]
        self.ip(body, 1)

    def ip(self, body, protocol):
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 0, 0x4000, 64, protocol, 0,
                           socket.inet_aton(PEER), socket.inet_aton(HOST))
        head = head[:10] + struct.pack("!H", ~total(head) & 0xFFFF) + head[12:]
        os.write(self.tun.fd, head + body)

    # Segments.

    def fields(self, text, ours):
        m = SEGMENT.match(text)
        if not m:
            self.fail("no segment: " + text)
        f = {"flags": sum(BITS[c] for c in m[1]), "seq": int(m[2] or 0), "given": m[2] is not None, "len": int(m[4] or 0),
             "ack": None if m[5] is None else int(m[5]), "win": None if m[6] is None else int(m[6]), "opts": None}
        if m[7] is not None:
            f["opts"] = []
            for o in m[7].split(","):
                w = o.split()
                f["opts"].append((w[0], w[1:]))
        return f

    def inject(self, text):
        f = self.fields(text, False)
        options = b""
        for name, words in f["opts"] or []:
            if name == "mss":
                options += struct.pack("!BBH", 2, 4, int(words[0]))
            elif name == "sackOK":
                options += b"\4\2"
            elif name == "nop":
                options += b"\1"
            elif name == "ws":
                options += struct.pack("!BBB", 3, 3, int(words[0]))
            elif name == "ts":
                echo = int(words[1])
                if self.stamp and f["flags"] & 16:
                    base, at = self.stamp
                    known = self.stamps.get(echo)
                    echo = known if known is not None else (base + echo - int((at - self.start) * 1000)) & 0xFFFFFFFF
                options += struct.pack("!BBII", 8, 10, int(words[0]), echo)
            elif name == "sack":
                options += struct.pack("!BB", 5, 2 + 8 * len(words))
                for b in words:
                    left, right = b.split(":")
                    options += struct.pack("!II", (self.isn + int(left)) & 0xFFFFFFFF, (self.isn + int(right)) & 0xFFFFFFFF)
        options += b"\1" * (-len(options) % 4)
        ack = 0 if f["ack"] is None else ((self.isn or 0) + f["ack"]) & 0xFFFFFFFF
        win = 65535 if f["win"] is None else f["win"]
        tcp = struct.pack("!HHIIBBHHH", self.peer_port, self.host_port, (PEER_ISN + f["seq"]) & 0xFFFFFFFF, ack,
                          (20 + len(options)) << 2, f["flags"], win, 0, 0) + options
        tcp += pattern((f["seq"] - 1) & 0xFFFFFFFF, f["len"])
        pseudo = socket.inet_aton(PEER) + socket.inet_aton(HOST) + struct.pack("!BBH", 0, 6, len(tcp))
        tcp = tcp[:16] + struct.pack("!H", ~total(pseudo + tcp) & 0xFFFF) + tcp[18:]
        if self.verbose:
            print("    %8.3f < %s" % (time.monotonic() - self.start, text))
        self.ip(tcp, 6)

    def parse(self, packet):
        h = (packet[0] & 15) * 4
        sp, dp, seq, ack, off, flags, win = struct.unpack("!HHIIBBH", packet[h:h + 16])
        off = (off >> 4) * 4
        o = packet[h + 20:h + off]
        opts, i = [], 0
        while i < len(o):
            if o[i] == 0:
                break
            if o[i] == 1:
                i += 1
                continue
            b = o[i + 2:i + o[i + 1]]
            if o[i] == 2:
                opts.append(("mss", [str(struct.unpack("!H", b)[0])]))
            elif o[i] == 3:
                opts.append(("ws", [str(b[0])]))
            elif o[i] == 4:
                opts.append(("sackOK", []))
            elif o[i] == 8:
                opts.append(("ts", [struct.unpack("!I", b[:4])[0], struct.unpack("!I", b[4:])[0]]))
            elif o[i] == 5:
                opts.append(("sack", ["%d:%d" % tuple((x - PEER_ISN) & 0xFFFFFFFF for x in struct.unpack("!II", b[k:k + 8]))
                                      for k in range(0, len(b), 8)]))
            i += o[i + 1]
        f = {"sp": sp, "dp": dp, "seq": seq, "ack": ack, "flags": flags, "win": win, "opts": opts, "data": packet[h + off:]}
        if self.verbose:
            print("    %8.3f > %s" % (time.monotonic() - self.start, self.show((0, f))))
        return f

    def show(self, entry):
        f = entry[1]
        isn = self.isn if self.isn is not None else f["seq"]
        seq = (f["seq"] - isn) & 0xFFFFFFFF
        text = "".join(c for c in "SFRP." if f["flags"] & BITS[c])
        text += " %d:%d(%d) ack %d win %d <%s>" % (seq, seq + len(f["data"]), len(f["data"]), (f["ack"] - PEER_ISN) & 0xFFFFFFFF,
                                                   f["win"], ",".join(" ".join([n] + [str(x) for x in w]) for n, w in f["opts"]))
        return "+%.3f %s" % (entry[0] - self.start if entry[0] else 0, text)

    def expect(self, text, span):
        want = self.fields(text, True)
        due = self.start + self.due
        allowed = TOLERANCE + 0.08 * (span if span > 0.1 else 0)
        while not self.sent and time.monotonic() < due + allowed:
            self.wait(0.002)
        if not self.sent:
            self.fail("nothing came")
        at, got = self.sent.pop(0)
        if self.isn is None and got["flags"] & 2:
            self.isn = got["seq"]
        for n, w in got["opts"]:
            if n == "ts":
                self.stamp = self.stamp or (w[0], at)
                self.stamps[round(self.script * 1000)] = w[0]
        ok = got["flags"] == want["flags"] and len(got["data"]) == want["len"]
        if want["given"]:
            ok &= got["seq"] == ((self.isn or 0) + want["seq"]) & 0xFFFFFFFF
        if want["ack"] is not None:
            ok &= got["ack"] == (PEER_ISN + want["ack"]) & 0xFFFFFFFF
        if want["win"] is not None and want["win"] != got["win"]:
            ok = False
        mine = [(n, [str(x) for x in (w if n != "ts" else w[1:])]) for n, w in got["opts"]]
        if want["opts"] is not None:
            ok &= mine == [(n, w if n != "ts" else w[1:]) for n, w in want["opts"] if n != "nop"]
        else:
            ok &= not any(n == "sack" for n, _ in mine)
        if not ok:
            self.fail("came " + self.show((at, got)))
        if got["data"] and got["data"] != pattern((got["seq"] - (self.isn or 0) - 1) & 0xFFFFFFFF, len(got["data"])):
            self.fail("other bytes than were written")
        if abs(at - due) > allowed:
            self.fail("at another instant: %s, not %.3f" % (self.show((at, got)), self.due))
        # Kernel timers are coarse: the rest of the script goes by when this came.
        self.due = at - self.start if at - due > 0.0005 else self.due

    def examine(self, what, value):
        values = {}
        if what == "state":
            out = subprocess.run(["ss", "-tanH"], capture_output=True, text=True).stdout.split("\n")
            found = "UNCONN"
            for l in out:
                w = l.split()
                if len(w) > 4 and w[3].endswith(":%d" % self.host_port) and w[4].endswith(":%d" % self.peer_port):
                    found = w[0]
            values = {"state": found}
        elif what in ("cwnd", "ssthresh", "ca", "mss", "rto", "unacked", "retrans", "sacked", "lost"):
            self.take()
            info = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
            n = struct.unpack("<8B24I", info)
            values = {"ca": n[1], "rto": round(n[8] / 1000), "mss": n[10], "unacked": n[12], "sacked": n[13], "lost": n[14],
                      "ssthresh": n[25], "cwnd": n[26], "retrans": n[31]}
        else:
            return
        found = values[what]
        if str(found) != value and not (what == "rto" and abs(int(value) - found) <= 12):
            self.fail("it is %s" % found)

    def clean(self):
        for s in (self.sock, self.listener):
            if s is not None:
                try:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    s.close()
                except OSError:
                    pass
        subprocess.run(["ip", "route", "del", PEER, "dev", "tun0"], stderr=subprocess.DEVNULL)
        subprocess.run(["ip", "route", "flush", "cache"])
        time.sleep(0.01)
        while self.tun.read() is not None:
            pass


def main():
    verbose = "-v" in sys.argv
    args = [a for a in sys.argv[1:] if a != "-v"]
    words = None
    if "-k" in args:
        i = args.index("-k")
        words = args[i + 1]
        del args[i:i + 2]
    tun = Tun()
    good = bad = 0
    number = 0
    for file in args:
        cases = []
        for raw in open(file):
            line = re.sub("#.*", "", raw).strip()
            if line.startswith("case "):
                cases.append((line[5:], []))
            elif line:
                cases[-1][1].append(line)
        for name, lines in cases:
            number += 1
            if words and words not in name:
                continue
            if any(l.startswith("only hopscope") for l in lines):
                continue
            case = Case(tun, name, lines, verbose, number)
            if verbose:
                print(name)
            try:
                case.play()
                good += 1
            except Wrong as e:
                bad += 1
                print("%s: %s" % (os.path.basename(file), e))
            except Skipped as e:
                print("%s: %s: skipped, %s" % (os.path.basename(file), name, e))
            finally:
                case.clean()
    print("%d as Linux does it, %d not" % (good, bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
