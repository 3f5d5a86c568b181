"""Three hundred everyday instructions in ten kinds, each asking for one to three plain sentences: what a small chat model
is asked in the study of rounds. Written for it; the halves of every kind alternate between training and held out."""

from __future__ import annotations

KINDS: dict[str, tuple[list[str], str]] = {
    "how": (["How do I {}? Answer in two sentences.", "Tell me in two or three sentences how to {}.", "In two sentences: how can one {}?"],
            "clean a muddy carpet; keep bread fresh; fall asleep faster; get a stuck ring off a finger; stop a door from squeaking; "
            "remember names better; dry wet shoes; peel garlic quickly; calm a crying baby; pack a suitcase for a week; "
            "grow basil on a windowsill; save money on heating; learn ten words a day; get rid of fruit flies; cook rice without a pot boiling over; "
            "make a room feel larger; wash a wool sweater; back up the photos on a phone; find cheap train tickets; write by hand more neatly; "
            "keep a cat off the table; start jogging at forty; cut an onion without tears; take better pictures at night; sharpen a pencil with a knife; "
            "remove a sticker from glass; ask for a raise; train a puppy to sit; repair a flat bicycle tyre; wake up without an alarm clock"),
    "what": (["What is {}? Explain it in two sentences.", "Explain {} to a child in two sentences.", "In one or two sentences, what is {}?"],
             "a volcano; a shadow; yeast; a mortgage; a solar eclipse; gravity; a vaccine; a black hole; insurance; a desert; "
             "an echo; a computer virus; the internet; a rainbow; jet lag; recycling; a magnet; a library; democracy; a tide; "
             "a fossil; electricity; a queue; a metaphor; compost; an election; a lighthouse; an allergy; a budget; a glacier"),
    "difference": (["What is the difference between {}? Two sentences, please.", "Tell me in two sentences how {} differ.",
                    "In at most three sentences, compare {}."],
                   "butter and margarine; a frog and a toad; weather and climate; a lake and a sea; a violin and a viola; jam and marmalade; "
                   "a moth and a butterfly; a loan and a gift; a city and a town; baking and roasting; a novel and a short story; a crocodile and an alligator; "
                   "a bus and a tram; speed and acceleration; a fruit and a vegetable; a comet and an asteroid; tea and coffee; a wall and a fence; "
                   "a rabbit and a hare; an email and a letter; hail and snow; a debit card and a credit card; a poem and a song; a hotel and a hostel; "
                   "a virus and a bacterium; a cold and the flu; a canal and a river; a boss and a leader; a nut and a seed; a bay and a gulf"),
    "suggest": (["Suggest {}. One or two sentences are enough.", "Can you recommend {}? Keep it to two sentences.", "I need {}. Answer in two sentences."],
                "a present for a neighbour who likes cooking; a game for six people; a dinner without meat; a hobby for rainy days; a name for a brown dog; "
                "a short walk for old people; a breakfast that keeps me full; a plant for a dark room; a book for a long train ride; a topic for a talk at school; "
                "a dessert with apples; an exercise for a stiff neck; a quiet place to study; a way to thank my teacher; a song for a wedding; "
                "a snack for a hike; an idea for a birthday party; a costume made of cardboard; a drink for a hot afternoon; a film for the whole family; "
                "a sport for somebody with bad knees; a first instrument for a child; a weekend without a car; a souvenir that fits in a pocket; a soup for a cold day; "
                "a good question to begin a conversation; a colour for a kitchen; a trip for a class of twelve-year-olds; a use for old jars; a resolution for the new year"),
    "mail": (["Write a mail of two sentences: {}.", "Write a short mail of three sentences at most: {}.", "In two sentences, write a mail that says this: {}."],
             "I am late for the meeting; the heating in my flat is broken; I want to return a pair of shoes; thank you for the flowers; "
             "the concert is moved to Sunday; I lost my library card; can we meet on Thursday; my train was cancelled; the invoice has a mistake; "
             "happy birthday to my aunt; I have found your keys; please send me the recipe; I can't come to the party; the dog next door barks at night; "
             "I would like to visit your museum with a class; the parcel arrived damaged; I need a day off; congratulations on the new job; "
             "the shower is leaking again; I am looking for a flatmate; our team won the game; the order is incomplete; may I use your parking space; "
             "I have a question about the homework; the printer does not work; we would like to book a table for four; my son is ill today; "
             "I want to cancel my subscription; the street lamp is out; please water my plants"),
    "why": (["Why {}? Answer in two sentences.", "In two sentences, tell me why {}.", "Explain in at most three sentences why {}."],
            "leaves turn red in autumn; the sea is salty; cats purr; people yawn; the sky is blue; bread rises; ice floats; birds fly south; "
            "we dream; metal feels cold; the moon changes its shape; people shake hands; onions make us cry; bees matter; planes leave white lines; "
            "we need sleep; old books smell; dogs wag their tails; some people are left-handed; the wind blows; rivers bend; milk turns sour; "
            "fingers wrinkle in water; clocks go to twelve; wood burns; stars twinkle; people laugh; roads are black; soap cleans; a year has 365 days"),
    "choose": (["{}? Choose one and give your reason in one or two sentences.", "{}? Pick one; two sentences at most.", "Tell me which is better, in two sentences: {}?"],
               "Train or plane for a weekend trip; A shower or a bath in the evening; Cash or card on holiday; A tent or a cabin; Paper or a screen for reading; "
               "A cat or a parrot for a small flat; Pencil or pen for an exam; City or countryside for a family; Butter or oil for frying eggs; A map or a phone for hiking; "
               "Morning or evening for sport; A used or a new car; Tomatoes or roses on a balcony; Gloves or mittens in winter; Rice or noodles for a salad; "
               "A letter or a call to an old friend; Stairs or lift; Alone or in a group when learning; A film or the book first; Early or late dinner; "
               "Blinds or curtains in a bedroom; Swimming or running; A backpack or a suitcase; A clock or a phone to wake up; Honey or sugar in tea; "
               "Wood or plastic for a cutting board; Umbrella or raincoat; A big party or a small one; Summer or winter for a wedding; Fresh or frozen peas"),
    "describe": (["Describe {} in two sentences.", "Write two sentences about {}.", "In two or three sentences, describe {}."],
                 "an empty beach in winter; the smell of fresh bread; an old station; a thunderstorm at night; a busy market; a child's first day at school; "
                 "a forest after rain; a grandfather's kitchen; a city seen from a tower; a snowman that melts; a lonely lighthouse; a street musician; "
                 "a garden at dawn; a train full of commuters; a cat in the sun; an attic full of boxes; a bakery at five in the morning; a river in flood; "
                 "a game of chess in a park; the last day of summer; a harbour in fog; a broken umbrella; a village fair; a library at closing time; "
                 "a mountain hut; a quiet Sunday; a bridge over a gorge; a windy hill; a school yard; an airport at midnight"),
    "plan": (["How should I plan {}? Answer in three sentences at most.", "Help me with {}; two sentences will do.", "In two sentences, what matters most for {}?"],
             "a picnic for ten people; a week of studying for an exam; a move to another city; a first vegetable garden; a surprise party; a trip to the mountains; "
             "a job interview; a flea market stall; a bicycle tour; a family budget; a small wedding; a presentation of ten minutes; a day at the zoo with children; "
             "a house painting; a month without sugar; a garage sale; a book club; a reunion of old classmates; a weekend in Rome; a cooking evening; "
             "a school play; a night of stargazing; a visit to a doctor; a new daily routine; a pet's first week; a farewell for a colleague; a language course; "
             "a camping trip in autumn; a charity run; a rainy afternoon with children"),
    "advice": (["{} What should I do? Answer in two sentences.", "{} What do you advise, in at most three sentences?", "{} Give me your advice in two sentences."],
               "My neighbour plays loud music at night.; I forgot my best friend's birthday.; My plant has yellow leaves.; I can't concentrate at work.; "
               "My phone fell into water.; My child doesn't want to do homework.; I have lost my passport abroad.; My colleague takes credit for my work.; "
               "I spilled coffee on my laptop.; My dog is afraid of fireworks.; I am nervous before a speech.; My soup is too salty.; "
               "I missed the last bus.; My flatmate never cleans.; I have a headache.; My keys are locked in the car.; I broke a borrowed vase.; "
               "My internet is slow.; I always buy too much food.; A friend owes me money.; I feel lonely in a new city.; My back hurts from sitting.; "
               "I can't decide what to study.; My shoes are too small.; A stranger sends me messages.; I wake up at four every night.; "
               "My grandmother doesn't hear well on the phone.; I got a bad grade.; My bicycle was stolen.; I have eaten too much."),
}


def instructions() -> list[dict]:
    """[{"id", "instruction", "half": "train" or "heldout"}], 150 of each."""
    found = []
    for kind, (wordings, topics) in KINDS.items():
        for number, topic in enumerate(topics.split("; ")):
            text = wordings[number // 2 % len(wordings)].format(topic)
            found.append({"id": f"{kind}-{number + 1:02}", "instruction": text, "half": "heldout" if number % 2 else "train"})
    return found
