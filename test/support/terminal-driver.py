"""Runs a command in a pseudo-terminal and plays a script of keys.

argv: a JSON object {"command": [...], "env": {...}, "rows": n, "columns": n, "steps": [[expected, keys], ...]}
Each step waits until what was printed since the last step contains `expected` (a regular expression), and then
sends `keys`. Prints a JSON object: what was printed for each step, the rest, and the exit code. The modes of the
terminal before and after show whether it was left as it was found.
"""
import fcntl
import json
import os
import re
import select
import struct
import sys
import termios
import time

PATIENCE_SECONDS = 20


def main():
    script = json.loads(sys.argv[1])
    master, slave = os.openpty()
    size = struct.pack('HHHH', script.get('rows', 40), script.get('columns', 100), 0, 0)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
    before = termios.tcgetattr(slave)
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for number in (0, 1, 2):
            os.dup2(slave, number)
        os.environ.update(script.get('env', {}))
        os.execvp(script['command'][0], script['command'])
    printed, failed = [], None
    for expected, keys in script['steps']:
        text = read_until(master, re.compile(expected, re.S))
        printed.append(text[1])
        if not text[0]:
            failed = expected
            os.kill(child, 9)
            break
        if isinstance(keys, dict):
            size = struct.pack('HHHH', keys['rows'], keys['columns'], 0, 0)
            fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
        else:
            os.write(master, keys.encode())
    rest, status = drain(master, child)
    after = termios.tcgetattr(slave)
    code = os.waitstatus_to_exitcode(status)
    result = {'printed': printed, 'rest': rest, 'code': code, 'failed': failed, 'restored': before == after}
    print(json.dumps(result))


def read_some(master, seconds):
    ready, _, _ = select.select([master], [], [], seconds)
    return os.read(master, 65536) if ready else b''


def read_until(master, pattern):
    data = b''
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        data += read_some(master, 0.1)
        text = data.decode('utf-8', 'replace')
        if pattern.search(text):
            return True, text
    return False, data.decode('utf-8', 'replace')


def drain(master, child):
    data = b''
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        data += read_some(master, 0.05)
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            while True:
                more = read_some(master, 0)
                if not more:
                    return (data).decode('utf-8', 'replace'), status
                data += more
    os.kill(child, 9)
    return data.decode('utf-8', 'replace'), os.waitpid(child, 0)[1]


main()
