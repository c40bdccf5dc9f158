"""Generated source text."""

import gc
import linecache

from headrace.engine.codegen.source import Code


def test_tracebacks_show_the_text_while_it_lives() -> None:
    code = Code()
    with code.block("def divide(a, b):"):
        code.line("return a / b")
    namespace: dict[str, object] = {}
    exec(compiled := code.compile("a test"), namespace)
    name = compiled.co_filename

    assert linecache.getline(name, 2) == "    return a / b\n"

    del compiled, namespace
    gc.collect()

    assert name not in linecache.cache
