from signpost import start

app = start()
