@echo off
rem Sets Pilotage up at the first start, and opens its workbench. A setup workbook dropped on this file is run.
rem Paths may hold spaces, ampersands, exclamation marks and letters of any language: each stands in quotes, and
rem delayed expansion is off wherever a path is read with percent signs.
setlocal EnableExtensions DisableDelayedExpansion
set "PILOTAGE_HOME=%~dp0"
set "PILOTAGE_PYTHON="
if not exist "%PILOTAGE_HOME%engine\start_pilotage.py" goto :notwhole
rem Looking for a Python is not to install one: the Python install manager would, unasked.
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
for %%V in (3.13 3.12 3.11 3.14) do if not defined PILOTAGE_PYTHON call :try py -%%V
if not defined PILOTAGE_PYTHON call :try py -3
if not defined PILOTAGE_PYTHON call :try python
if not defined PILOTAGE_PYTHON goto :nopython
echo Pilotage needs Python 3.11 or later, 64 bit, and found none on this computer.
echo Get it from python.org (Downloads, Windows). Where the installer offers it, tick "Add python.exe to PATH".
echo If you have the Python install manager and no Python yet, open a terminal and type: py install 3.13
echo If you may not install programs, ask your IT for Python. Then start Pilotage again.
pause
exit /b 1
