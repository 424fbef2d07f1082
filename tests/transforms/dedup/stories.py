"""Invented stories and ways to copy them, for the tests of this room."""

import random

SUBJECTS = [
    "the harbour authority of {place}", "a court in {place}", "doctors at the main hospital",
    "{name}, who leads the agency,", "residents of the lower town", "engineers from {place}",
    "the union of the railway workers", "traders on the covered market", "the opposition",
    "schools in the valley", "a spokesman for the company", "the provincial council",
]  # fmt: skip
VERBS = [
    "reported on {day} that",
    "denied before the cameras that",
    "asked in a letter whether",
    "warned in {place} that",
    "replied to {name} that",
    "found after {n} days that",
    "expected until {day} that",
    "told the reporters of the region that",
]
OBJECTS = [
    "the repairs to the quay would take {n} weeks", "the budget of {n} million crowns was rejected",
    "the wells had run dry since the pit was widened", "prices might climb beyond {n} crowns",
    "trains could only run at half speed", "the figures were kept in a drawer",
    "the agreement with {place} had been signed too early", "{n} patients needed treatment",
    "the army brought blankets and water", "nobody had measured the damage to the bridge",
    "the pipeline would be moved to the other bank", "the owners promised help to {n} families",
]  # fmt: skip
TAILS = [
    "although a smaller crew might finish the urgent part", "while the inquiry of {name} goes on",
    "because the soil beneath the road was washed away", "before the hearing in {place} is over",
    "unless the board withdraws its decision", "and that money was not the reason for the quarrel",
    "so that travellers should expect a delay of {n} minutes", "as the houses had lost power",
    "after the gates were closed by {name} and two others", "under a plan from {place}",
]  # fmt: skip
PLACES = ["Velmora", "Tarsk", "Oldenbrae", "Quillon", "Marsava", "Pelentia", "Dunhollow"]
NAMES = ["Ilka Ferrund", "Jonas Abelt", "Mirela Tovac", "Pedro Ansuarez", "Oona Lindqua"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday"]


def story(seed: int, sentences: int = 14) -> str:
    """An invented report in paragraphs of two sentences; other seeds give other reports."""
    rng = random.Random(seed)
    out = []
    for _ in range(sentences):
        parts = [rng.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, TAILS)]
        facts = {
            "place": rng.choice(PLACES),
            "name": rng.choice(NAMES),
            "day": rng.choice(DAYS),
            "n": rng.randint(3, 987),
        }
        sentence = " ".join(part.format(**facts) for part in parts) + "."
        out.append(sentence[0].upper() + sentence[1:])
    return "\n\n".join(" ".join(out[i : i + 2]) for i in range(0, len(out), 2))


SYNONYMS = {
    "closed": "shut", "found": "discovered", "budget": "plan", "rejected": "refused",
    "widened": "enlarged", "reported": "announced", "leads": "heads", "told": "informed",
    "reporters": "journalists", "warned": "cautioned", "workers": "labourers", "gates": "doors",
    "decision": "choice", "quarrel": "dispute", "owners": "proprietors", "promised": "pledged",
    "help": "aid", "agreement": "accord", "residents": "inhabitants", "asked": "inquired",
    "kept": "held", "drawer": "cabinet", "repairs": "fixes", "smaller": "littler",
    "crew": "team", "finish": "complete", "urgent": "pressing", "opposition": "resistance",
    "figures": "numbers", "replied": "answered", "hearing": "session", "needed": "required",
    "engineers": "technicians", "measured": "gauged", "damage": "harm", "soil": "ground",
    "washed": "rinsed", "traders": "merchants", "prices": "costs", "climb": "rise",
    "road": "route", "denied": "disputed", "money": "cash", "reason": "cause",
    "letter": "note", "board": "panel", "inquiry": "probe", "spokesman": "representative",
    "railway": "railroad", "trains": "railcars", "speed": "pace", "delay": "wait",
    "travellers": "passengers", "expect": "anticipate", "expected": "anticipated",
    "schools": "academies", "families": "households", "houses": "homes",
    "power": "electricity", "army": "military", "brought": "carried", "blankets": "covers",
    "union": "guild", "company": "firm", "withdraws": "retracts", "moved": "shifted",
    "pipeline": "conduit", "bank": "shore", "treatment": "care", "signed": "inked",
    "early": "soon", "region": "area", "harbour": "port", "market": "bazaar",
    "bridge": "crossing", "authority": "agency", "court": "tribunal", "lost": "forfeited",
}  # fmt: skip


def spin(text: str, seed: int = 0, rate: float = 1.0) -> str:
    """`text` with the share `rate` of the words that have a synonym here replaced."""
    rng = random.Random(seed)
    out = []
    for line in text.split("\n"):
        words = []
        for word in line.split(" "):
            bare = word.strip(".,")
            other = SYNONYMS.get(bare.lower())
            if other and rng.random() < rate:
                other = other.capitalize() if bare[0].isupper() else other
                word = word.replace(bare, other)
            words.append(word)
        out.append(" ".join(words))
    return "\n".join(out)
