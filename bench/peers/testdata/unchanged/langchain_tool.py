"""LangChain's tool of Google's Text-to-Speech, which names no endpoint.

What the tool takes (tool.args, which a model that calls it reads) cannot be asked for
on any server: it names types that are imported for type checkers only.
"""
from langchain_google_community import TextToSpeechTool

tool = TextToSpeechTool()
for spoken in (tool.run("Hello world!"), tool.invoke("Hello again!")):
    with open(spoken, "rb") as file:
        assert spoken.endswith(".mp3") and file.read(1) in (b"\xff", b"I"), spoken
print("spoken")
