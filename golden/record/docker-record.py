"""What docker-record.sh does, and says."""
import fcntl, os, re, shlex, shutil, socket, struct, subprocess, sys, tempfile, time, yaml

PREFIX = f'hs{os.getpid()}-'
BIN = os.path.join(tempfile.mkdtemp(prefix='record'), 'bin')
NC = '''#!/usr/bin/env python3
# nc of OpenBSD, as far as the scenarios use it.
import getopt, os, select, socket, sys
given, rest = getopt.getopt(sys.argv[1:], 'lkvzNnp:s:w:q:')
o = dict(given)
text = sys.stdin.buffer.read()
wait = float(o['-w']) if '-w' in o else None
def talk(s):
    s.settimeout(wait)
    s.sendall(text)
    if '-N' in o:
        s.shutdown(socket.SHUT_WR)
    try:
        while True:
            more = s.recv(65536)
            if not more:
                break
            os.write(1, more)
    except OSError as e:
        if '-v' in o: print('nc: read failed (0/3):', e.strerror)
    s.close()
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if '-l' in o:
    s.bind((o.get('-s', ''), int(o['-p'] if '-p' in o else rest[-1])))
    s.listen(5 if '-k' in o else 1)
    while True:
        c, a = s.accept()
        if '-k' not in o: s.close()
        talk(c)
        if '-k' not in o: break
else:
    if '-p' in o or '-s' in o:
        s.bind((o.get('-s', ''), int(o.get('-p', 0))))
    s.settimeout(wait)
    try:
        s.connect((rest[0], int(rest[1])))
    except OSError as e:
        if '-v' in o: print(f'nc: connect to {rest[0]} port {rest[1]} (tcp) failed: {e.strerror or "Operation timed out"}')
        sys.exit(1)
    if '-z' in o: s.close()
    else: talk(s)
'''
SEND = '''
import socket, struct, sys, time
dev, file = sys.argv[1:3]
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((dev, 0))
data = open(file, 'rb').read()
nano = data[:4] == bytes.fromhex('4d3cb2a1')
at, first, began = 24, None, time.time()
while at < len(data):
    sec, part, kept, _ = struct.unpack_from('<IIII', data, at)
    when = sec + part / (1e9 if nano else 1e6)
    first = when if first is None else first
    time.sleep(max(0, began + when - first - time.time()))
    s.send(data[at + 16:at + 16 + kept])
    at += 16 + kept
'''
OFFLOADS = (0x15, 0x17, 0x19, 0x1f, 0x22, 0x24, 0x2c)    # rx and tx checksums, scatter, TSO, UFO, GSO, GRO: ETHTOOL_S*


def sh(*words, check=True, **more):
    return subprocess.run(words, check=check, text=True, capture_output=True, **more)


def ns(name):
    return PREFIX + name.replace('/', '-')


def inside(name, *words, **more):
    return sh('ip', 'netns', 'exec', ns(name), *words, **more)


def offload(name, dev):
    code = ('import fcntl,socket,struct,array,sys\ns=socket.socket()\nfor c in %r:\n b=array.array("B",struct.pack("II",c,0))\n'
            ' try: fcntl.ioctl(s,0x8946,struct.pack("16sP",sys.argv[1].encode(),b.buffer_info()[0]))\n except OSError: pass\n' % (OFFLOADS,))
    inside(name, 'python3', '-c', code, dev)


def seconds(text):
    number, unit = re.fullmatch(r'([\d.]+)(us|ms|s|m)', str(text)).groups()
    return float(number) * {'us': 1e-6, 'ms': 1e-3, 's': 1, 'm': 60}[unit]


class Rig:
    def __init__(self, path):
        self.folder = os.path.dirname(os.path.abspath(path))
        self.base = os.path.splitext(os.path.abspath(path))[0]
        self.spec = yaml.safe_load(open(path))
        self.boxes, self.bridges, self.jobs = {}, {}, []

    def build(self):
        top = self.spec['topology']
        for name, node in top['nodes'].items():
            self.box(name, node)
            for inner, device in (node.get('devices') or {}).items():
                if device['kind'] == 'bridge':
                    self.bridge(name, inner, device)
                else:
                    self.box(f'{name}/{inner}', device)
        for name, node in top['nodes'].items():
            for link in node.get('links') or []:
                self.link(*(self.end(f'{name}/{e}') for e in link['endpoints']))
        for link in top.get('links') or []:
            self.link(*(self.end(e) for e in link['endpoints']))
        for name, node in self.boxes.items():
            self.configure(name, node)

    def box(self, name, node):
        sh('ip', 'netns', 'add', ns(name))
        self.boxes[name] = node
        inside(name, 'sh', '-c', 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 '
               'net.ipv4.tcp_congestion_control=cubic net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.ip_local_port_range="40200 60999"; ip link set lo up; '
               'sysctl -qw net.bridge.bridge-nf-call-iptables=0 || true')
        if node.get('forwarding'):
            inside(name, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')

    def bridge(self, node, name, device):
        inside(node, 'ip', 'link', 'add', name, 'type', 'bridge', 'mcast_snooping', '0')
        self.bridges[f'{node}/{name}'] = device

    def end(self, text):
        """'host/docker0:vethc1' or 'ext:eth0' as namespace, device and bridge."""
        place, port = text.split(':')
        if place in self.bridges:
            return place.split('/')[0], port, place
        return place, port, None

    def link(self, a, b):
        inside(a[0], 'ip', 'link', 'add', a[1], 'type', 'veth', 'peer', 'name', b[1], 'netns', ns(b[0]))
        for name, dev, bridge in (a, b):
            offload(name, dev)
            if bridge:
                inside(name, 'ip', 'link', 'set', dev, 'master', bridge.split('/')[1])
                if ((self.bridges[bridge].get('ports') or {}).get(dev) or {}).get('hairpin'):
                    inside(name, 'ip', 'link', 'set', dev, 'type', 'bridge_slave', 'hairpin', 'on')
            mac = self.interface(name, dev).get('mac')
            if mac:
                inside(name, 'ip', 'link', 'set', dev, 'address', mac)
            inside(name, 'ip', 'link', 'set', dev, 'up')

    def interface(self, name, dev):
        found = (self.boxes[name].get('interfaces') or {}).get(dev) or {}
        return found if isinstance(found, dict) else {'address': found}

    def configure(self, name, node):
        for bridge in [b for b in self.bridges if b.split('/')[0] == name]:
            dev = bridge.split('/')[1]
            if self.interface(name, dev).get('mac'):
                inside(name, 'ip', 'link', 'set', dev, 'address', self.interface(name, dev)['mac'])
            offload(name, dev)
            inside(name, 'ip', 'link', 'set', dev, 'up')
        for dev in node.get('interfaces') or {}:
            each = self.interface(name, dev)
            addresses = each.get('address', [])
            for address in addresses if isinstance(addresses, list) else [addresses]:
                inside(name, 'ip', 'addr', 'add', address, 'brd', '+', 'dev', dev)
            if 'mtu' in each:
                inside(name, 'ip', 'link', 'set', dev, 'mtu', str(each['mtu']))
        if 'gateway' in node:
            inside(name, 'ip', 'route', 'add', 'default', 'via', node['gateway'])
        for route in node.get('routes') or []:
            inside(name, 'ip', 'route', 'add', *route.split())
        for rule in node.get('rules') or []:
            inside(name, 'ip', 'rule', 'add', *rule.split())
        self.settle(name, node)

    def settle(self, name, node):
        if 'iptables' in node:
            text = node['iptables']
            text = open(os.path.join(self.folder, text['file'])).read() if isinstance(text, dict) else text
            inside(name, 'iptables-restore', input=text)
        for key, value in (node.get('sysctls') or {}).items():
            inside(name, 'sysctl', '-qw', f'{key}={value}')
        self.site = tempfile.mkdtemp(prefix='site')
        for path, file in (node.get('files') or {}).items():
            open(self.site + path, 'w').write((file.get('fill', 'x') * file['size'])[:file['size']])
        for service in node.get('services') or []:
            self.start(name, service, cwd=self.site)

    def start(self, name, command, **more):
        text = None
        if '<<<' in command:
            command, text = command.split('<<<')
            text = shlex.split(text)[0] + '\n'
        job = subprocess.Popen(['ip', 'netns', 'exec', ns(name), *shlex.split(command)], stdin=subprocess.PIPE, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, 'PATH': BIN + ':' + os.environ['PATH']}, **more)
        if text:
            job.stdin.write(text)
        job.stdin.close()
        job.stdin = None
        self.jobs.append(job)
        return job

    def record(self, out):
        taps = []
        for line in open(self.base + '.ports'):
            port, file = line.split()
            if port == '-':
                continue
            name, dev, _ = self.end(port)
            taps.append(subprocess.Popen(['ip', 'netns', 'exec', ns(name), 'tcpdump', '-Uqni', dev, '-s0', '--immediate-mode',
                                          '--time-stamp-precision=nano', '-w', f'{out}/{file}.pcap'], stderr=subprocess.DEVNULL))
        time.sleep(3)
        for name in self.boxes:
            inside(name, 'ip', 'neigh', 'flush', 'all')
            inside(name, 'conntrack', '-F', check=False)
        steps = [(seconds(s.get('at', '0s')), i, s) for i, s in enumerate(self.spec['run'])]
        open('/dev/kmsg', 'w').write(PREFIX)    # LOG reaches the log from a namespace if net.netfilter.nf_log_all_netns is on
        began, said = time.time() + 0.2, []
        for at, _, step in sorted(steps, key=lambda s: s[:2]):
            time.sleep(max(0, began + at - time.time()))
            said.append((step, self.step(step)))
        time.sleep(max(0, began + seconds(self.spec['duration']) - time.time()))
        for tap in taps:
            tap.terminate()
            tap.wait()
        with open(f'{out}/cmd.txt', 'w') as file:
            for step, job in said:
                if job.poll() is None:
                    job.kill()
                text = job.communicate()[0] if 'exec' in step else ''
                if step.get('exec') == 'dmesg':
                    text = ''.join(l + '\n' for l in text.split(PREFIX)[-1].splitlines() if ' SRC=' in l)
                file.write(f"# {step.get('node', '')} {step.get('exec', step.get('inject'))}\n{text}")
        for name in self.boxes:
            if 'iptables' in self.boxes[name]:
                open(f"{out}/{name.replace('/', '-')}.counters", 'w').write(inside(name, 'iptables-save', '-c').stdout)
                open(f'{out}/conntrack.txt', 'w').write(inside(name, 'conntrack', '-L').stdout)

    def step(self, step):
        if 'inject' in step:
            name, dev, _ = self.end(step['port'])
            job = subprocess.Popen(['ip', 'netns', 'exec', ns(name), 'python3', '-c', SEND, dev, os.path.join(self.folder, step['inject'])])
            self.jobs.append(job)
            return job
        node = step['node']
        place = node if node in self.boxes else next(b for b in self.boxes if b.endswith('/' + node))
        if step['exec'] == 'dmesg':    # as much as a pipe takes: nobody reads it before the end
            return self.start(place, "sh -c 'dmesg | tail -c 60000'")
        return self.start(place, step['exec'].replace('\\\\n', '\\n'))

    def remove(self):
        for job in self.jobs:
            if job.poll() is None:
                job.kill()
            job.wait()
        for name in self.boxes:
            sh('ip', 'netns', 'del', ns(name), check=False)
        shutil.rmtree(os.path.dirname(BIN))


def main():
    scenario, out = sys.argv[1:3]
    os.makedirs(BIN)
    open(BIN + '/nc', 'w').write(NC)
    os.chmod(BIN + '/nc', 0o755)
    os.makedirs(out, exist_ok=True)
    rig = Rig(scenario)
    try:
        rig.build()
        rig.record(out)
    except subprocess.CalledProcessError as e:
        sys.exit(f'{e.cmd}: {e.stderr}')
    finally:
        rig.remove()


main()
