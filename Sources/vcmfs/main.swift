print("vcmfs")
